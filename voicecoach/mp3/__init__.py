"""The bitstream: MP3 frames, LAME, the Info header, ID3 tags.

`lame` is the only door to lameenc and `id3` the only one to mutagen; `frames`, `splice`, `header` and `crc` are pure.
A session file is::

    ID3v2.3 tag (id3.build_tag) · Info frame (header.InfoHeader) · MP3 frames (lame.LameEncoder, splice.Packer)

with `header.MusicTally` keeping what the Info frame must say in the end. `splice` takes the frames of several streams
apart and pours them into one.

Two delays add up. The encoder puts 576 frames before the music (`lame.ENCODER_DELAY_FRAMES`, what the Info header
states) and every decoder another 529 (`header.DECODER_DELAY_FRAMES`): frame *n* that went in comes out at *n* + 1105
of a decoder that trims nothing, and at *n* of one that reads the Info header.
"""
