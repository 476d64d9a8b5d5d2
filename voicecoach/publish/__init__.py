"""What is made of a timeline for people and other programs: captions, label tracks, pictures, hand-outs."""
