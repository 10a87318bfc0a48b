"""The digit board's elements; its words and numbers come with the message."""

MARKUP = """<section class="digit-board" aria-label="Digit board">
  <div class="boards">
    <figure class="drawn">
      <figcaption data-text="draw"></figcaption>
      <canvas class="paper" width="384" height="384" role="img"></canvas>
      <p class="below erase"><button type="button" class="tool" data-text="clear"></button></p>
    </figure>
    <figure>
      <figcaption data-text="seen"></figcaption>
      <div class="seen" role="img"></div>
      <p class="below"><span data-text="range"></span></p>
    </figure>
    <div class="samples" role="group"><span data-text="take"></span></div>
    <div class="answer">
      <p class="head" data-text="reads"></p>
      <ol class="bars"></ol>
      <p class="verdict" role="status" data-testid="digit-verdict"></p>
      <details><summary data-text="never"></summary><p data-text="smoothed"></p></details>
    </div>
  </div>
</section>
"""
