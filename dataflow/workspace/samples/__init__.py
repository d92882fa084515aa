"""Draws the sample media, so that what they show is known to the frame: `python -m dataflow.workspace.samples DIR`.

The package carries the files this makes (`workspace/data`): laying a workspace needs no encoder.

Clips, h264 in mp4, 640 × 360 at 24 frames per second (`clips.py`):

- `sample1.mp4`, 6 s, silent, three shots of 2 s: blue, a yellow disc moves right; green, a white square moves down;
  red, a black triangle moves left.
- `sample2.mp4`, 6 s, silent: for 2 s a white card that reads NIGHT HARBOUR; for 4 s orange, a blue disc moves up, the
  last second a fade to black.
- `sample3.mp4`, 4 s, one shot: purple, a yellow square moves left; the sound is a tone of 440 Hz.

Pictures (`pictures.py`):

- `person.png`, 480 × 720, a poster: NIGHT HARBOUR in gold, a person in a hat before a full moon over dark blue water.
- `landscape.png`, 800 × 500: a sky from blue to orange, a yellow sun left of the middle, green hills.
- `street.jpg`, 800 × 600: five houses, red, yellow, blue, green, white, on a grey road; EXIF with camera and date.

Frames, JPEG, 320 × 180 (`frames.py`): two of each shot of sample1.mp4 and sample2.mp4, named after clip and second.
"""
