// A page's own shortcuts, as web mail and code hosts have them; each key that reached the page is
// written down.
const keys = [];
document.documentElement.dataset.keys = '';
for (const target of [document, window]) {
  for (const type of ['keydown', 'keypress', 'keyup']) {
    target.addEventListener(type, event => {
      keys.push(event.key);
      document.documentElement.dataset.keys = keys.join(' ');
    });
  }
}
