"""/image-data: a picture is a tensor, and what becomes of it before a network sees it."""

from components import shell
from components.lessons.image_data.augmentation import augmentation
from components.lessons.image_data.dataset_explorer import dataset_explorer
from components.lessons.image_data.network_input import network_input_steps
from components.lessons.image_data.network_input.keras_code import WORDS, keras_code
from components.lessons.image_data.photo_shapes import photo_shapes
from components.lessons.image_data.picture_sizes import picture_sizes
from components.lessons.image_data.pixel_inspector import pixel_inspector
from components.photo import current_photo

shell.lesson(
    "A tensor is an array of numbers with any number of axes: a list has one, a grey picture two, a colour photo "
    "three. A network sees nothing else.",
    acts=("Pixels", "Into the network", "Too small?", "Augmentation", "A dataset", "Shapes"),
)
with shell.act("Pixels"):
    pixel_inspector(current_photo())

with shell.act(
    "Into the network",
    "What the network receives",
    "A network learns from pictures of one size. Five steps make a tensor of that size of any photo.",
    "The course's own networks contain the resizing and the rescaling as their first layers, so you can give them a "
    "photo as it is.",
    beside=True,
):
    scene = network_input_steps(current_photo())

with shell.act(
    "Too small?",
    "How small is too small?",
    "The square in the middle of your photo at five sizes, each enlarged back to be looked at. From left to right: at "
    "which size can you first tell what it is? And a network?",
    "The two pictures on the right are controls: in them there is no animal to be seen. Below each prediction stands "
    "how often the network was right with 1,600 photos that it had not learned from.",
    "Each picture is brought to the side that the network takes; because only the square is shown, its predictions "
    "differ a little from those for the whole photo.",
    beside=True,
    folded=True,
):
    picture_sizes()

with shell.act(
    "Augmentation",
    "Augmentation: a photo that is new each time",
    "A cat that is turned a little is still a cat, but every number has changed. So a training may change every photo "
    "at random each time it is shown, and the network cannot simply memorise it.",
    "Move the sliders; press Play to see what a network would get of this photo in one epoch after the other. An epoch "
    "is one pass over all training pictures.",
    folded=True,
    opened_by="augment-",
):
    augmentation(current_photo())

with shell.act(
    "A dataset",
    "A dataset is many such tensors",
    "A network learns from whatever lies in its dataset: look through it first. How many pictures has each class, how "
    "large and how bright are they, which of them appear twice, and which are hard? Press a picture to see it large.",
    folded=True,
    opened_by="set-",
):
    dataset_explorer()

with shell.act(
    "Shapes",
    "The shapes of the course's photos",
    "The course is taught with 25,000 .jpg photos of cats and dogs from animal shelters. They vary in size and in "
    "quality: animals half hidden, several in one photo, people beside them.",
    "They do not come with the course, because their licence is unknown. The shapes of a part of them do, measured on "
    "copies that somebody had made smaller; the original sizes are not known here.",
    beside=True,
    folded=True,
):
    photo_shapes()

tabs = shell.reference(
    shell.Question(
        "A batch of 32 colour photos, 224 × 224 pixels each, as float32 (4 bytes per number). How much memory is that?",
        ["about 1.6 MB", "about 4.8 MB", "about 19 MB", "about 77 MB"],
        right=2,
        because="32 · 224 · 224 · 3 = 4,816,896 numbers, 4 bytes each: 19,267,584 bytes. As uint8, one byte each, it "
        "would be a quarter of that.",
        key="image-data-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mtable columnalign="left"><mtr><mtd><mi>x</mi><mo>∈</mo>
        <msup><mrow><mo>{</mo><mn>0</mn><mo>,</mo><mo>…</mo><mo>,</mo><mn>255</mn><mo>}</mo></mrow>
        <mrow><mi>h</mi><mo>×</mo><mi>w</mi><mo>×</mo><mn>3</mn></mrow></msup></mtd></mtr>
        <mtr><mtd><mi>x′</mi><mo>=</mo><mstyle displaystyle="true"><mfrac><mi>x</mi><mn>127.5</mn></mfrac></mstyle>
        <mo>−</mo><mn>1</mn></mtd></mtr></mtable>""",
        "x is the photo, h its height and w its width in pixels; x′ is what a network gets that wants −1 to 1. For 0 "
        "to 1 it is x / 255. In memory, pixels[r, k, c] is the byte with the index (r · w + k) · 3 + c, all counted "
        "from 0.",
    )
with tabs.keras:
    shell.keras_lines(keras_code(scene), WORDS)
with tabs.notice:
    shell.notice(
        [
            "NumPy counts rows from the top and columns from the left, both from 0: pixels[0, 0] is the corner at the "
            "top left. Height comes first: pixels[row, column].",
            "Three equal numbers are a grey. The nearer they are to 255, the brighter.",
            "Neighbouring pixels are often nearly equal. A filter looks for the places where they are not.",
            "What is bright in one plane and dark in the other two has that plane's colour. White is bright in all "
            "three.",
            "Rescaling changes the numbers and not the picture. Cropping, squashing and making it smaller do lose "
            "something.",
            "Augmentation changes the numbers and keeps the label, so what is to be seen must stay: a mirrored cat is "
            "a cat, a mirrored 3 is no digit.",
            "The same picture in training and test makes the test too easy. Under two labels, one of them is wrong.",
            "Photos have many sizes and shapes, and all of them have to become tensors of one shape.",
        ]
    )
