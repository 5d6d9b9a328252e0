/** In place of a login: `?as=ann` is kept in the cookie that the recipes of token servers read. */
const as = new URLSearchParams(location.search).get('as');
if (as) document.cookie = `trial_user=${encodeURIComponent(as)}; SameSite=Strict; path=/`;
