// Tell Python, once, that the visitor has scrolled near this place.

const watchers = new WeakMap();

export default function inView({ parentElement, setTriggerValue }) {
  if (watchers.has(parentElement)) return undefined;
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      setTriggerValue("seen", true);
    },
    { rootMargin: "300px" },
  );
  watchers.set(parentElement, watcher);
  watcher.observe(parentElement.querySelector("span"));
  return () => {
    watcher.disconnect();
    watchers.delete(parentElement);
  };
}
