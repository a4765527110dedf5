/** A canvas that is drawn anew when its size, its data or the colour scheme changes. */
import { type JSX, useEffect, useRef } from "react";

/** Draws in CSS pixels on a canvas of `width` × `height`; `ink` reads a colour of the style sheet by its custom property. */
export type Draw = (
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  ink: (property: string) => string,
) => void;

interface CanvasProps {
  readonly draw: Draw;
  readonly label: string;
}

export function Canvas({ draw, label }: CanvasProps): JSX.Element {
  const ref = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const canvas = ref.current!;
    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas;
      const density = devicePixelRatio;
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      const context = canvas.getContext("2d");
      if (!context || width === 0) return;
      const style = getComputedStyle(canvas);
      context.scale(density, density);
      draw(context, { width, height }, (property) => style.getPropertyValue(property).trim());
    };
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(canvas);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", paint);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", paint);
    };
  }, [draw]);

  return <canvas ref={ref} role="img" aria-label={label} />;
}
