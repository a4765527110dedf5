/** What cannot be read is named, with the line that converts it. */
import { describe, expect, it } from "vitest";
import { unreadable } from "./name-format.js";

const bytesOf = (text: string): Uint8Array =>
  new Uint8Array(Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(300)]));
const ogg = (packet: string): string =>
  `OggS\0\x02${"\0".repeat(20)}\x01${String.fromCharCode(packet.length)}${packet}`;

describe("unreadable", () => {
  it.each([
    ["NIST_1A\n   1024\n", "SPHERE", "sph"],
    [ogg("Speex   1.2.0"), "Speex in Ogg", "spx"],
    ["\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa", "ASF (Windows Media)", "wma"],
    ["#!AMR-WB\n", "AMR", "amr"],
    ["wvpk\x20\x01", "WavPack", "wv"],
    ["ID3\x04\0\0\0\0\0\x04xxxxMAC \x96\x0f", "Monkey's Audio", "ape"],
    ["TTA1\x01", "True Audio", "tta"],
    ["MPCKSH", "Musepack", "mpc"],
    ["DSD \x1c", "DSD", "dsf"],
    ["RIFF\0\0\0\0AVI LIST", "AVI", "avi"],
    ["Creative Voice File\x1a", "VOC", "voc"],
  ])("names %j and converts it", (head, what, ending) => {
    expect(unreadable(bytesOf(head), "'clip.wav'")).toMatchObject({
      code: "audio/unsupported",
      message: `'clip.wav' is ${what}, which is not read: convert it with 'ffmpeg -i in.${ending} out.wav'.`,
    });
  });

  it.each([
    ["PK\x03\x04", "a ZIP archive: unpack it first"],
    ["MThd\0\0\0\x06", "MIDI, which has notes and no sound"],
    [
      "version https://git-lfs.github.com/spec/v1\n",
      "a Git LFS pointer, not the file itself: fetch it with 'git lfs pull'",
    ],
    ["\x89PNG\r\n", "a PNG picture"],
  ])("names %j as no audio", (head, what) => {
    expect(unreadable(bytesOf(head), "x.wav")).toMatchObject({
      code: "audio/not-audio",
      message: `x.wav is not audio but ${what}.`,
    });
  });

  it.each([
    ["\n<!DOCTYPE html><html>", /a web page/],
    ["<html><head><title>404", /a web page/],
    ['<?xml version="1.0"?><Error>AccessDenied</Error>', /an XML text/],
    ['{"error": "not found"}', /a JSON text/],
    ["Zwölf Boxkämpfer jagen Viktor", /but a text\.$/],
  ])("knows the text %j", (text, message) => {
    const { code, message: said } = unreadable(new TextEncoder().encode(text), "x.wav");
    expect(code).toBe("audio/not-audio");
    expect(said).toMatch(message);
  });

  it("says of other bytes that it does not know them", () => {
    const bytes = Uint8Array.from({ length: 2000 }, (_, i) => (i * i * 7 + 3) % 256);
    for (const known of [bytes, new Uint8Array(1), new Uint8Array(9000)])
      expect(unreadable(known, "x.wav").message).toMatch(/of no format that is known\.$/);
  });
});
