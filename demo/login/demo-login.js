// The demo's login: whoever `?as=` names. A real page has none of this: its server knows by its own
// session who has signed in, and /chalk-token answers for that person.
const room = document.querySelector('chalk-talk');
const links = [...document.querySelectorAll('[data-as]')];
const first = links.at(-1); // who the page is written for
const asked = new URLSearchParams(location.search).get('as');
const person = links.find(link => link.dataset.as === asked) ?? first;
const as = person.dataset.as;

// A guest has no token from this site: the element asks the backend for one, and the person for a
// name.
if (as === 'guest') room.removeAttribute('token-url');
else room.setAttribute('token-url', `/chalk-token?as=${encodeURIComponent(as)}`);

person.setAttribute('aria-current', 'page');
const [name, what] = [person.firstChild.textContent, person.querySelector('small').textContent];
document.querySelector('[data-person]').textContent = as === 'guest' ? 'a guest' : `${name}, ${what}`;
document.title = `${as === 'guest' ? 'Guest' : name} · ${document.title}`;
