"""/callbacks: objects that model.fit calls at its turning points."""

from components import shell
from components.lessons.callbacks.hook_timeline import hook_timeline
from components.lessons.callbacks.hook_timeline.keras_code import WORDS, keras_code
from components.lessons.callbacks.stopping_chart import stopping_chart
from components.lessons.callbacks.tensorboard import tensorboard_section

shell.lesson(
    "An object whose methods model.fit calls at the right moments: to print, to save, to stop.",
    acts=("Hooks", "Overfitting", "TensorBoard"),
)
with shell.act("Hooks"):
    scene = hook_timeline()

with shell.act(
    "Overfitting",
    "A real run that overfits",
    "A plain network learns for 30 epochs on only 2,000 photos of cats and dogs. The training loss goes on falling. "
    "The validation loss, on 400 photos from which nothing is learned, falls a little and then rises steeply, a U "
    "with one short arm: the network memorises its photos, it overfits.",
    "EarlyStopping ends such a training once the figure that it watches has stopped getting better. ModelCheckpoint "
    "saves the network, here whenever it is the best so far.",
    asides=[
        (
            "Why test photos, too?",
            "Validation chose the epoch, so it cannot say fairly how good that choice was. Therefore each epoch’s "
            "weights were also measured on 1,200 test photos.",
        )
    ],
    beside=True,
):
    stopping_chart()

with shell.act(
    "TensorBoard",
    "TensorBoard, on the runs of this server",
    "TensorBoard is a program of its own. A callback writes its event files while a network learns; TensorBoard reads "
    "them and draws. Here it is started by this course, under the same address, for everybody in the room.",
    folded=True,
):
    tensorboard_section()


tabs = shell.reference(
    shell.Question(
        "A fit has 2 epochs of 3 steps. How often is on_train_batch_end called?",
        ["2 times", "3 times", "6 times", "once"],
        right=2,
        because="It is called after every batch, and there are 2 · 3 = 6 of them.",
        key="callbacks-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mrow><mtext>better</mtext><mo>:</mo><mspace width="0.5em"/><mtext>val_loss</mtext><mo>&lt;</mo>
        <mtext>best</mtext><mo>−</mo><mtext>min_delta</mtext></mrow>""",
        "EarlyStopping's rule: an improvement counts if it is larger than min_delta. An epoch that is better becomes "
        "the new best one, and the waiting starts anew from 0. After patience epochs in a row that are not better, the "
        "training stops. For an accuracy, larger is better.",
    )
with tabs.keras:
    shell.keras_lines(keras_code(scene), WORDS)
with tabs.notice:
    shell.notice(
        [
            "Every begin has its end, and they are nested: the fit holds epochs, an epoch holds batches. An epoch is "
            "one pass over all training pictures.",
            "Keras counts epochs and batches from 0, and so does the timeline; the chart below it counts from 1.",
            "Validation runs inside an epoch, before on_epoch_end. So val_loss is in the logs of on_epoch_end.",
            "The first batch takes longest: TensorFlow first turns the training step into a graph, a fixed plan of "
            "operations that runs faster from then on.",
            "Let your callback stop in on_epoch_end: the next epoch never begins, but on_train_end is still called.",
        ]
    )
