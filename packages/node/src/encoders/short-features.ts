/** Complete encoder ids as people can read them. */

const complete =
  /encoder:([a-z0-9._-]+):([0-9a-f]{8})[0-9a-f]{56}:layer=([^:+\s]+):layers=\d+:values=\d+:time=\w+:pool=([^:+\s]+):scale=(\w+)/g;

/** Returns a text with the encoder ids in it shortened to what was chosen, and the first digits of the file's SHA-256. */
export function shortFeatures(text: string): string {
  return text.replace(complete, "encoder:$1:$2…:layer=$3:pool=$4:scale=$5");
}
