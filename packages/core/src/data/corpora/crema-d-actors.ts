/** Sex and age of the 91 actors of CREMA-D, from its published VideoDemographics.csv (ODbL 1.0). */

/** Sex and age in years of actors 1001 to 1091, in order. */
const published =
  "M51 F21 F21 F42 M29 F58 F38 F46 F24 F27 M32 F23 F22 M24 M32 M61 M42 F25 M29 F61 F30 M22 M22 F59 F48 M33 M44 F57 F33 F42 " +
  "M31 M30 M31 M74 M48 M49 F45 M21 M51 M42 M42 M37 F25 M40 M22 F22 F22 M38 F25 M62 M56 F33 F35 F36 F57 F52 M25 F36 M21 F28 " +
  "F51 M56 F33 M53 M38 M25 M66 M34 M27 M25 M41 F33 F24 F31 F40 F25 M20 F21 F21 M21 M30 F20 M45 F46 M34 M33 M62 M23 F24 M50 F29";

/** Actor -> sex and age; 48 men and 43 women. */
export const cremaDActors: ReadonlyMap<string, { readonly sex: "female" | "male"; readonly age: string }> =
  new Map(
    published
      .split(" ")
      .map((code, i) => [
        String(1001 + i),
        { sex: code.startsWith("F") ? "female" : "male", age: code.slice(1) },
      ]),
  );
