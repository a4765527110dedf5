#!/bin/sh
# Makes the files of this folder with ffmpeg 5.1 (libvorbis, libopus, libmp3lame) and flac 1.4: a 440 Hz sine of amplitude 0.5.
# The tests know what is in them from these lines; nothing here comes from Undertone.
set -eu
cd "$(dirname "$0")"
run() { ffmpeg -hide_banner -loglevel error -y -fflags +bitexact "$@"; }
tone() { # rate seconds channels
  left="0.5*sin(2*PI*440*t)"
  if [ "$3" = 1 ]; then echo "aevalsrc=$left:s=$1:d=$2"; else echo "aevalsrc=$left|0.25*sin(2*PI*880*t):s=$1:d=$2"; fi
}
make() { # file rate seconds channels, then ffmpeg's output options
  file=$1 input=$(tone "$2" "$3" "$4"); shift 4
  run -f lavfi -i "$input" -flags +bitexact "$@" "$file"
}

make u8.wav 8000 0.1 1 -c:a pcm_u8
make s16.wav 16000 0.2 1 -c:a pcm_s16le
make s24-stereo.wav 8000 0.1 2 -c:a pcm_s24le
make s32.wav 8000 0.1 1 -c:a pcm_s32le
make f32.wav 8000 0.1 1 -c:a pcm_f32le
make f64.wav 8000 0.1 1 -c:a pcm_f64le
make a-law.wav 8000 0.1 1 -c:a pcm_alaw
make mu-law.wav 8000 0.1 1 -c:a pcm_mulaw
make adpcm.wav 8000 0.1 1 -c:a adpcm_ms
make rf64.wav 8000 0.1 1 -c:a pcm_s16le -rf64 always
make rate-384k.wav 384000 0.02 1 -c:a pcm_s16le
make s16.aiff 8000 0.1 1 -c:a pcm_s16be
make s8.aiff 8000 0.1 1 -c:a pcm_s8
make s24.aiff 8000 0.1 1 -c:a pcm_s24be
make sowt.aifc 8000 0.1 1 -c:a pcm_s16le -f aiff
make f32.aifc 8000 0.1 1 -c:a pcm_f32be -f aiff
cp s16.aiff aiff-inside.wav
make s24.caf 8000 0.1 1 -c:a pcm_s24le
make f32.caf 8000 0.1 1 -c:a pcm_f32be
make s16.au 8000 0.1 2 -c:a pcm_s16be
make mu-law.au 8000 0.1 1 -c:a pcm_mulaw
make s16.w64 8000 0.1 1 -c:a pcm_s16le
run -i s16.wav -flags +bitexact -c:a flac s16.flac
make s24-stereo.flac 44100 0.1 2 -c:a flac -sample_fmt s32 -bits_per_raw_sample 24
run -i s16.wav -flags +bitexact -c:a flac -f ogg flac.ogg
make mono.mp3 16000 0.5 1 -b:a 32k
make stereo.mp3 44100 0.5 2 -b:a 64k
make mono.aac 44100 0.3 1 -b:a 64k
make vorbis.ogg 16000 0.5 1 -c:a libvorbis
make vorbis-other.ogg 16000 0.5 1 -c:a libvorbis -q:a 9
make vorbis-stereo.ogg 16000 0.3 2 -c:a libvorbis
make mono.opus 16000 0.5 1 -c:a libopus -b:a 24k
make opus.webm 48000 0.5 1 -c:a libopus -b:a 24k
make vorbis.webm 16000 0.5 1 -c:a libvorbis
make mono.m4a 44100 0.5 1 -c:a aac -b:a 64k
make alac.m4a 16000 0.2 1 -c:a alac
make alac-stereo.m4a 44100 0.1 2 -c:a alac -sample_fmt s32p -bits_per_raw_sample 24
make fragmented.m4a 44100 0.5 1 -c:a aac -b:a 64k -movflags frag_keyframe+empty_moov -frag_duration 100000
make s24.mov 8000 0.1 1 -c:a pcm_s24be
make opus.mp4 48000 0.5 1 -c:a libopus -b:a 24k
run -i s16.wav -flags +bitexact -c:a flac flac.mka
make aac.mka 44100 0.5 1 -c:a aac -b:a 64k
run -f lavfi -i testsrc=s=32x32:r=5:d=0.4 -f lavfi -i "$(tone 44100 0.5 1)" -flags +bitexact -c:v mpeg4 -q:v 31 -c:a aac -b:a 64k video.mp4
run -f lavfi -i testsrc=s=32x32:r=5:d=0.4 -flags +bitexact -c:v mpeg4 -q:v 31 silent-film.mp4
make low.aac 16000 0.5 1 -b:a 32k
# he-aac.m4a is "$(tone 44100 0.5 2)" by the encoder of Fraunhofer FDK AAC 2 (HE-AAC, 32 kbit/s, ADTS), put into MP4 by: ffmpeg -c copy -bsf:a aac_adtstoasc
