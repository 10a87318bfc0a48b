// Tell Python that the visitor has scrolled near this place. It takes this element away when it has heard.

const watchers = new WeakMap();
const PATIENCE = 4000; // milliseconds
const TRIES = 5;

export default function inView({ parentElement, setTriggerValue }) {
  if (watchers.has(parentElement)) return;
  let timer = 0;
  // Of two places that come near in one moment Streamlit may hear the first only: say it again, each time later.
  const tell = (tries, wait) => {
    setTriggerValue("seen", true);
    if (tries > 1) timer = setTimeout(tell, wait, tries - 1, 2 * wait);
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      tell(TRIES, PATIENCE);
    },
    // Streamlit scrolls a box and not the page: the box has a margin of its own.
    { rootMargin: "300px", scrollMargin: "300px" },
  );
  watchers.set(parentElement, watcher);
  watcher.observe(parentElement.querySelector("span"));
  return () => {
    watcher.disconnect();
    clearTimeout(timer);
    watchers.delete(parentElement);
  };
}
