// What was opened once works offline: its page, what the page shows, its sound, and the list of sessions.
//
// - Pages and files without a version in their address come from the network as long as it answers: nothing old is
//   shown online. With `?v=…` in its address, a file never changes, and comes from the cache if it is there.
// - A page says when it was opened (offline.js). It is then fetched, read for what it needs, and kept with all of it;
//   what no kept page needs any longer goes. The session opened longest ago goes first where room is short.
// - Sound is kept whole and given in the ranges that players ask for. Chromium plays no sound whose ranges come from
//   here and from the network by turns (their answers have no address, and one), so here none has an address; and pages
//   that were opened without a worker get this one only when they ask, and load their sound anew (offline.js).
// - What is kept stands in one cache whose name has the folder of the site in it: two sites on a host do not meet.
'use strict';

const SCOPE = self.registration.scope;
const OURS = `voicecoach ${SCOPE} `;
const CACHE = `${OURS}1`;
const STATE = new URL('site/kept.json', SCOPE).href; // only in the cache: {pages: {address: {opened, bytes, files, sounds}}}
const LIST = new URL('index.html', SCOPE).href;
const SORRY = new URL('site/offline.html', SCOPE).href;
const ICONS = ['180', '192', '512', 'maskable'].map((one) => new URL(`site/icon-${one}.png`, SCOPE).href);
const PATIENCE_MS = 3000;
const MOST_BYTES = 500e6;
const MOST_FILES = 200;

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));

// A new worker knows no less than the old one, and all that it needs is in addresses: it may take over at once. A page
// that no worker led so far goes on without: its player would not take the rest of a sound from another hand.
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

async function takeOver() {
  try {
    const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
  } catch { /* storage is shut: there is nothing old either */ }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(SCOPE)) return;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  if (isSound(request.url)) event.respondWith(sound(request));
  else if (request.mode === 'navigate') event.respondWith(page(event));
  else if (hasVersion(request.url)) event.respondWith(versioned(request));
  else event.respondWith(fresh(request, [request.url]));
});

self.addEventListener('message', (event) => {
  const { keep, sound: withSound, claim } = event.data || {};
  if (claim) event.waitUntil(self.clients.claim());
  if (typeof keep === 'string' && keep.startsWith(SCOPE)) {
    // By the port that came along: Chromium 156 crashes where one writes to a page (event.source) that is just left.
    const tell = (state) => event.ports[0] && event.ports[0].postMessage(state);
    const address = spellings(LIST).includes(plain(keep)) ? LIST : plain(keep);
    event.waitUntil(inTurn(() => keepPage(address, Boolean(withSound), tell)).then((later) => later && later()));
  }
});

// --- answering ---

async function page(event) {
  const { request } = event;
  const answer = await fresh(request, spellings(request.url)).catch(() => undefined);
  if (!answer) return sorry();
  if (answer.status === 404 || answer.status === 410) event.waitUntil(inTurn(() => forget(plain(request.url))));
  return answer;
}

// From the network; where that fails, says 5xx or makes one wait, what is kept under one of the names.
async function fresh(request, names) {
  const coming = fetch(new Request(request, { cache: 'no-cache' }));
  coming.catch(() => {});
  let answer;
  try {
    answer = await Promise.race([coming, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  } catch { /* no network */ }
  if (answer && answer.status < 500) return answer;
  return (await kept(...names)) || answer || coming;
}

async function versioned(request) {
  return (await kept(request.url)) || fetch(request);
}

async function sound(request) {
  const whole = hasVersion(request.url) && await kept(request.url);
  if (whole) return ranged(request, whole);
  try {
    // Made anew, as the kept one is: a player refuses sound that is partly of this kind and partly of that.
    const { body, status, statusText, headers } = await fetch(request);
    return new Response(body, { status, statusText, headers });
  } catch (error) {
    const any = !hasVersion(request.url) && await kept(request.url);
    if (any) return ranged(request, any);
    throw error;
  }
}

let held = { url: '', blob: null }; // the sound that is being played: a player asks for many ranges of it

async function ranged(request, whole) {
  if (held.url !== request.url) held = { url: request.url, blob: await whole.blob() };
  const { blob } = held;
  const { size } = blob;
  const headers = new Headers(whole.headers);
  headers.set('Accept-Ranges', 'bytes');
  headers.delete('Content-Encoding');
  const [from, to] = rangeOf(request, headers, size) || [0, size - 1];
  if (from >= size && size > 0) {
    headers.set('Content-Range', `bytes */${size}`);
    headers.delete('Content-Length');
    return new Response(null, { status: 416, statusText: 'Range Not Satisfiable', headers });
  }
  headers.set('Content-Length', to - from + 1);
  if (!rangeOf(request, headers, size)) return new Response(blob, { status: 200, headers });
  headers.set('Content-Range', `bytes ${from}-${to}/${size}`);
  return new Response(blob.slice(from, to + 1), { status: 206, statusText: 'Partial Content', headers });
}

// First and last byte; nothing: all of it is wanted, or what is said of a range is no range (RFC 9110, 14.2).
function rangeOf(request, headers, size) {
  const said = /^\s*bytes=(\d*)-(\d*)\s*$/.exec(request.headers.get('Range') || '');
  const only = request.headers.get('If-Range');
  if (only && only !== headers.get('ETag') && only !== headers.get('Last-Modified')) return null;
  if (!said || (said[1] === '' && said[2] === '')) return null;
  if (said[1] === '') return Number(said[2]) ? [Math.max(0, size - Number(said[2])), size - 1] : [size, size];
  const from = Number(said[1]);
  if (said[2] === '') return [from, Math.max(from, size - 1)];
  return Number(said[2]) < from ? null : [from, Math.min(Number(said[2]), Math.max(from, size - 1))];
}

// A page that is not kept, and no network: a page that says so, whatever the address.
async function sorry() {
  const answer = await kept(SORRY);
  if (!answer) return Response.error();
  const text = (await answer.text()).replace('<head>', `<head><base href="${SCOPE}">`);
  return new Response(text, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

// --- keeping ---

let turn = Promise.resolve();
let download = Promise.resolve();

function inTurn(task) {
  const done = turn.then(task);
  turn = done.catch(() => {});
  return turn.then(() => done).catch(() => undefined);
}

// Keep a page and what it needs; give back what is to be done later: sounds, which take a while.
async function keepPage(address, withSound, tell) {
  const cache = await caches.open(CACHE);
  const was = (await stateOf(cache)).pages[address];
  let needs;
  try {
    needs = await read(address);
  } catch {
    await told(cache, address, tell);
    return undefined;
  }
  if (needs.gone) return forget(address);
  const lacking = withSound ? await absent(cache, needs.sounds) : [];
  const hadSound = was && was.sounds.length > 0 && (await absent(cache, was.sounds)).length === 0;
  const renewal = lacking.length > 0 && hadSound; // the old page and its sound stay until the new sound is here
  if (!renewal) await commit(cache, address, needs);
  await keepList(cache, address);
  if (lacking.length === 0) {
    await told(cache, address, tell);
    return undefined;
  }
  return () => {
    download = download.then(() => keepSounds(cache, address, needs, lacking, renewal)).catch(() => {});
    return download.then(() => told(cache, address, tell));
  };
}

async function keepSounds(cache, address, needs, lacking, renewal) {
  for (const url of lacking) await takeSound(cache, address, url);
  await inTurn(async () => {
    if (renewal) await commit(cache, address, needs);
    else await sweep(cache, await stateOf(cache));
  });
}

async function takeSound(cache, address, url) {
  if (await cache.match(url)) return;
  for (;;) {
    // Not through the browser's cache: it would let a player of the same sound wait until all of it is here.
    const answer = await fetch(url, { cache: 'no-store' });
    if (answer.status !== 200) throw new Error(`${answer.status} ${url}`);
    const bytes = Number(answer.headers.get('Content-Length')) || 0;
    if (!await inTurn(() => makeRoom(cache, address, bytes))) throw new Error('no room');
    try {
      return await cache.put(url, answer);
    } catch (error) { // full all the same: once more, without the session opened longest ago
      if (error.name !== 'QuotaExceededError' || !await inTurn(() => forgetOldest(cache, address))) throw error;
    }
  }
}

// The list of sessions with its pictures.
async function keepList(cache, address) {
  if (address === LIST) return;
  try {
    const needs = await read(LIST);
    if (!needs.gone) await commit(cache, LIST, needs);
  } catch { /* the one that is kept stays */ }
}

// Take what a page needs, then the page, then throw away what no page needs now.
async function commit(cache, address, needs) {
  const files = [...new Set([...needs.files.slice(0, MOST_FILES), SORRY, ...ICONS])];
  await Promise.all(files.map((url) => take(cache, url).catch(() => {})));
  await cache.put(address, needs.page.clone());
  const state = await stateOf(cache);
  state.pages[address] = { opened: Date.now(), bytes: await weigh(cache, needs.sounds), files, sounds: needs.sounds };
  await cache.put(STATE, new Response(JSON.stringify(state)));
  await sweep(cache, state);
}

async function take(cache, url) {
  if (hasVersion(url) && await cache.match(url)) return;
  const answer = await fetch(url, { cache: hasVersion(url) ? 'default' : 'no-cache' });
  if (answer.status !== 200) throw new Error(`${answer.status} ${url}`);
  await cache.put(url, await unredirected(answer));
}

// What a page needs: styles, scripts, pictures, captions; and its sounds. Our own pages, in double quotes throughout.
async function read(address) {
  const answer = await fetch(address, { cache: 'no-cache' });
  if (answer.status === 404 || answer.status === 410) return { gone: true };
  if (answer.status !== 200) throw new Error(`${answer.status} ${address}`);
  const page = await unredirected(answer);
  const text = await page.clone().text();
  const found = new Set();
  for (const [tag, name] of text.matchAll(/<(link|script|img|audio|video|source|track)\b[^>]*>/g)) {
    const at = /\s(?:src|href)="([^"]*)"/.exec(tag);
    const wanted = name !== 'link' || /\srel="[^"]*\b(?:stylesheet|icon|apple-touch-icon|manifest|preload|modulepreload)\b/.test(tag);
    if (at && wanted) found.add(new URL(at[1].replaceAll('&amp;', '&').replaceAll('&#x27;', "'"), address).href);
  }
  const urls = [...found].filter((url) => url.startsWith(SCOPE));
  return { page, files: urls.filter((url) => !isSound(url)), sounds: urls.filter(isSound) };
}

async function makeRoom(cache, address, bytes) {
  const { quota = Infinity } = await Promise.resolve(navigator.storage && navigator.storage.estimate()).catch(() => {}) || {};
  const most = Math.min(MOST_BYTES, quota / 2);
  if (bytes > most) return false;
  for (;;) {
    const { pages } = await stateOf(cache);
    const others = Object.entries(pages).filter(([url]) => url !== address);
    if (bytes + others.reduce((sum, [, one]) => sum + one.bytes, 0) <= most) break;
    if (!await forgetOldest(cache, address)) break;
  }
  const state = await stateOf(cache);
  if (state.pages[address]) {
    state.pages[address].bytes = bytes;
    await cache.put(STATE, new Response(JSON.stringify(state)));
  }
  return true;
}

async function forgetOldest(cache, but) {
  const { pages } = await stateOf(cache);
  const others = Object.keys(pages).filter((url) => url !== but && pages[url].sounds.length > 0);
  if (others.length === 0) return false;
  await forget(others.reduce((old, url) => (pages[url].opened < pages[old].opened ? url : old)));
  return true;
}

async function forget(address) {
  const cache = await caches.open(CACHE);
  const state = await stateOf(cache);
  if (!(address in state.pages)) return;
  delete state.pages[address];
  await cache.put(STATE, new Response(JSON.stringify(state)));
  await sweep(cache, state);
}

async function sweep(cache, { pages }) {
  const needed = new Set([STATE, ...Object.keys(pages), ...Object.values(pages).flatMap((one) => [...one.files, ...one.sounds])]);
  for (const request of await cache.keys()) {
    if (!needed.has(request.url)) {
      if (held.url === request.url) held = { url: '', blob: null };
      await cache.delete(request);
    }
  }
}

async function told(cache, address, tell) {
  const one = (await stateOf(cache)).pages[address];
  if (one) tell((await absent(cache, one.sounds)).length === 0 ? 'kept' : 'page');
}

// --- small things ---

async function stateOf(cache) {
  try {
    const { pages } = await (await cache.match(STATE)).json();
    return { pages: pages || {} };
  } catch {
    return { pages: {} };
  }
}

async function absent(cache, urls) {
  const there = await Promise.all(urls.map((url) => cache.match(url)));
  return urls.filter((_, n) => !there[n]);
}

async function weigh(cache, urls) {
  const there = await Promise.all(urls.map((url) => cache.match(url)));
  return there.reduce((sum, one) => sum + (one ? Number(one.headers.get('Content-Length')) || 0 : 0), 0);
}

async function kept(...names) {
  try {
    const cache = await caches.open(CACHE);
    for (const name of names) {
      const answer = await cache.match(name);
      if (answer) return answer;
    }
  } catch { /* storage is shut */ }
  return undefined;
}

// A redirected answer may not be given to who opens a page.
async function unredirected(answer) {
  return answer.redirected ? new Response(await answer.blob(), { status: 200, headers: answer.headers }) : answer;
}

function hasVersion(url) {
  return new URL(url).searchParams.has('v');
}

function isSound(url) {
  return /\.mp3$/i.test(new URL(url).pathname);
}

function plain(url) {
  const at = new URL(url);
  return at.origin + at.pathname;
}

// The addresses that hosts give to one page: /, /index.html, /index; /morning.html, /morning.
function spellings(url) {
  const path = plain(url);
  const bare = path.replace(/index(\.html)?$/, '').replace(/\.html$/, '');
  return bare.endsWith('/') ? [path, bare, `${bare}index.html`, `${bare}index`] : [path, bare, `${bare}.html`];
}
