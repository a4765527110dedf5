/** A canvas that is drawn anew when its size, its data, the visible part of the time axis or the theme changes. */
import { type JSX, useContext, useEffect, useRef } from "react";
import { Dark } from "./use-theme.js";

/** A part of the time axis, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a drawing gets: a canvas in CSS pixels whose width shows `view`. */
export interface Paint {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly view: Span;
  readonly dark: boolean;
  /** Returns a colour of the style sheet by its custom property. */
  ink(property: string): string;
}

export type Draw = (paint: Paint) => void;

interface CanvasProps {
  readonly draw: Draw;
  readonly view: Span;
  /** What it shows; without one it is decoration that is said elsewhere. */
  readonly label?: string | undefined;
}

export function Canvas({ draw, view, label }: CanvasProps): JSX.Element {
  const ref = useRef<HTMLCanvasElement>(null);
  const dark = useContext(Dark);

  useEffect(() => {
    const canvas = ref.current!;
    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas;
      const density = devicePixelRatio;
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      const context = canvas.getContext("2d");
      if (!context || width === 0) return;
      context.scale(density, density);
      draw({ context, width, height, view, dark, ink: inkOf(canvas) });
    };
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [draw, view, dark]);

  return <canvas ref={ref} {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })} />;
}

/** Returns what reads the custom properties that hold for an element. */
export function inkOf(element: Element): (property: string) => string {
  const style = getComputedStyle(element);
  return (property) => style.getPropertyValue(property).trim();
}
