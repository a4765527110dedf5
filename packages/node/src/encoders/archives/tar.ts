/** Reads one file of a tar archive (POSIX ustar, with the long names of pax and GNU). */

const block = 512;

/** Returns a file's content, or undefined where the archive has none whose path, less its first folder, is `path`. */
export function readTarEntry(archive: Uint8Array, path: string): Uint8Array | undefined {
  let longName: string | undefined;
  for (let at = 0; at + block <= archive.length; ) {
    const head = archive.subarray(at, at + block);
    const bytes = Number.parseInt(field(head, 124, 12).trim() || "0", 8);
    const kind = field(head, 156, 1);
    const content = archive.subarray(at + block, at + block + bytes);
    at += block * (1 + Math.ceil(bytes / block));
    if (kind === "x") longName = /(?:^|\n)\d+ path=(.*)\n/.exec(new TextDecoder().decode(content))?.[1];
    else if (kind === "L") longName = field(content, 0, bytes);
    else {
      const name = longName ?? [field(head, 345, 155), field(head, 0, 100)].filter(Boolean).join("/");
      longName = undefined;
      if ((kind === "0" || kind === "") && name.replace(/^[^/]*\//, "") === path) return content;
    }
  }
  return undefined;
}

/** The text of a field, which ends with a zero byte or with the field. */
function field(bytes: Uint8Array, from: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(from, from + length)).replace(/\0.*$/s, "");
}
