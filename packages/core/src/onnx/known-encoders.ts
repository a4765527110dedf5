/** The encoder files that are known by a short name: where they are, by content. One more is an entry here. */

/** An encoder that `undertone encoder add NAME --download` fetches. */
export interface KnownEncoder {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** SPDX id. */
  readonly licence: string;
  /** As `encoder add` takes it. */
  readonly source: string;
  /** One sentence: what it is. */
  readonly summary: string;
}

export const knownEncoders: readonly KnownEncoder[] = [
  {
    name: "moonshine-tiny",
    sha256: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    bytes: 13281600,
    licence: "MIT",
    source: "pypi:moonshine-voice==0.1.0/moonshine_voice/assets/tiny-en/encoder_model.ort",
    summary:
      "the encoder of Moonshine Tiny, a recognizer of English speech: 7 M parameters of 8 bits, six layers",
  },
];

/** Returns the known encoder of that name, or of that content. */
export function knownEncoder(nameOrSha256: string): KnownEncoder | undefined {
  return knownEncoders.find(({ name, sha256 }) => name === nameOrSha256 || sha256 === nameOrSha256);
}

/** Returns what fetches a known encoder, to end a message with. */
export function fetchRemedy({ name, bytes, licence }: KnownEncoder): string {
  return `'undertone encoder add ${name} --download' fetches it (${Math.round(bytes / 1e6)} MB, licence ${licence})`;
}
