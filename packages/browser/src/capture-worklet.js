/**
 * The audio thread's half of the microphone: hands mono blocks to the page. Plain JavaScript, because a worklet's file is
 * loaded by its address as it is, without a bundler in between.
 */
const blockSamples = 2048;

class CaptureProcessor extends AudioWorkletProcessor {
  #block = new Float32Array(blockSamples);
  #filled = 0;

  /** Mixes each quantum (128 samples) to mono and posts a block when it is full. */
  process([channels]) {
    const length = channels[0]?.length ?? 0;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      this.#block[this.#filled++] = sum / channels.length;
      if (this.#filled === blockSamples) {
        this.port.postMessage(this.#block, [this.#block.buffer]);
        this.#block = new Float32Array(blockSamples);
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("undertone-capture", CaptureProcessor);
