// From page to page: what a visitor leaves stays in sight until the next page stands, and fades into it. Streamlit itself
// takes the old page away first, and shows an empty one until the server has answered.

const PATIENCE = 1000; // milliseconds; what has not come by then comes into a page that is seen
const AFTERWARDS = 500; // milliseconds in which what a page brings is not to fade in once more
const LINK = 'a[data-testid="stPageLink-NavLink"]';
const BOARD = '[data-testid="stBidiComponentIsolated"]';

const titleOf = () => document.querySelector("h1")?.textContent ?? "";

/** Return whether all that is seen of the page is drawn. */
function isDrawn() {
  /** @type {NodeListOf<HTMLElement>} */
  const boards = document.querySelectorAll(BOARD);
  return [...boards].every(
    (board) => board.dataset.drawn !== undefined || board.getBoundingClientRect().top > innerHeight,
  );
}

/**
 * Return whether the page after the one of this title is there.
 *
 * @param {string} title
 */
const stands = (title) =>
  !["", title].includes(titleOf()) && !document.querySelector('.stApp[data-test-script-state="running"]') && isDrawn();

/**
 * Wait for the page after the one of this title, but not for long.
 *
 * @param {string} title
 * @returns {Promise<void>}
 */
const follows = (title) =>
  new Promise((resolve) => {
    const end = () => {
      watcher.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const watcher = new MutationObserver(() => stands(title) && end());
    const attributeFilter = ["data-drawn", "data-test-script-state"];
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
    const timer = setTimeout(end, PATIENCE);
  });

/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

/**
 * Let the page that is seen fade into the next one.
 *
 * @param {Element} [link] what was pressed, and is seen to be
 */
function cross(link) {
  if (!document.startViewTransition) return;
  const title = titleOf();
  const { classList } = document.documentElement;
  clearTimeout(resting);
  classList.add("crossing");
  link?.setAttribute("aria-busy", "true");
  const { ready, finished, updateCallbackDone } = document.startViewTransition(async () => {
    await follows(title);
    link?.removeAttribute("aria-busy");
  });
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(() => classList.remove("crossing"), AFTERWARDS);
  };
  // It is given up where nobody looks, or where a visitor goes on to a third page meanwhile.
  for (const promise of [ready, updateCallbackDone]) promise.catch(() => {});
  finished.then(rest, rest);
}

/** @param {MouseEvent} event */
const press = ({ target }) => {
  const link = target instanceof Element && target.closest(LINK);
  if (!link) return;
  // The first page's address is written as "", which would be this one's.
  const { pathname } = new URL(link.getAttribute("href") || "./", location.href);
  if (pathname !== location.pathname) cross(link);
};
document.addEventListener("click", press, true);

// Back and Forward name the new page at once; the page they leave is the one of the last change before.
let path = location.pathname;
const change = history.pushState.bind(history);

/** @type {typeof change} */
const changeAndNote = (...state) => {
  change(...state);
  path = location.pathname;
};
history.pushState = changeAndNote;
addEventListener("popstate", () => {
  if (location.pathname !== path) cross();
  path = location.pathname;
});
