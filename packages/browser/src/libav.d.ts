/** libav.js has types of its loader only. */
declare module "@libav.js/variant-mediarecorder-transcoder/dist/libav-4.10.6.1.1-mediarecorder-transcoder.simd.js" {
  export default function open(): Promise<import("@undertone/core/audio").LibAv>;
}
