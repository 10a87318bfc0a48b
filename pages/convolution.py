"""/convolution: a filter slides over the photo."""

from components import shell
from components.convolution import convolution_animation
from components.photo import current_photo

shell.lesson(
    "Convolutional layers",
    "A filter slides over the picture. At every stop: multiply, add up, write down one number.",
)
scene = convolution_animation(current_photo())
