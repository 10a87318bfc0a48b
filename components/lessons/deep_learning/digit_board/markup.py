"""The digit board's elements; its words and numbers come with the message."""

MARKUP = """<section class="digit-board" aria-label="Digit board">
  <div class="boards">
    <figure>
      <figcaption data-text="draw"></figcaption>
      <canvas class="paper" width="384" height="384" role="img"></canvas>
      <p class="below"><button type="button" class="tool" data-text="clear"></button> <span data-text="pen"></span></p>
    </figure>
    <figure>
      <figcaption data-text="seen"></figcaption>
      <div class="seen" role="img"></div>
      <p class="below"><span data-text="range"></span></p>
      <p class="origin"></p>
    </figure>
    <div class="answer">
      <p class="head" data-text="reads"></p>
      <ol class="bars"></ol>
      <p class="verdict" role="status" data-testid="digit-verdict"></p>
      <p data-text="smoothed"></p>
    </div>
  </div>
  <div class="samples" role="group"><span data-text="take"></span></div>
</section>
"""
