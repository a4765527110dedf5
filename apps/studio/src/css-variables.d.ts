/** Lets components hand a colour to the style sheet. */
import "react";

declare module "react" {
  interface CSSProperties {
    "--emotion"?: string;
  }
}
