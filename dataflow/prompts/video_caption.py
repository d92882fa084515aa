"""What is said to a model that describes a video."""

NAME = "video_caption"

TEMPLATE = (
    "Describe this video in detail, as one flowing text. Follow the order of events: begin with the setting, then tell "
    "who or what appears, what they do and how the view changes, and end with how it ends. Mention colours, positions, "
    "movements and readable text where they matter."
)
