/* The player: shows the moment of the session that the sound is at. Nothing counts: every look asks audio.currentTime.
   What the page knows stands in #session, as JSON; all times are frames, of which there are `rate` a second:
   spans    [start, kind, what, side, set, next, where, figure, [marks]]; numbers that stand for texts count in `texts`
   marks    [frames from the span's start, sign, number, side or text]; signs: r repetition, p phase, i f o e breath in,
            full, out, empty, h halfway, t tick
   chapters [start, title]; words: templates
   What is shown stands on <main> too, for tests and other tools: data-state (ready, playing, paused, ended),
   data-span-index, data-kind, data-side, data-chapter, data-mark (its sign), data-rep, data-of, data-left (seconds). */
(() => {
  'use strict';
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('session').textContent);
  const { rate, frames, texts, kinds, spans, chapters, words } = data;
  if (!chapters.length) chapters.push([0, $('player').dataset.title]);
  const main = $('player'), audio = $('audio'), seek = $('seek');
  const SIDES = ['', 'left', 'right'], ROUND = 2 * Math.PI;
  const length = frames / rate;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  const clock = (s) => {
    const whole = Math.floor(s + 1e-6), h = Math.floor(whole / 3600), two = (n) => String(n).padStart(2, '0');
    return (h ? `${h}:${two(Math.floor(whole / 60) % 60)}` : Math.floor(whole / 60)) + ':' + two(whole % 60);
  };
  const set = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const written = new Map();
  const put = (node, name, value) => {
    const key = node.id + name;
    if (written.get(key) !== value) { written.set(key, value); node.setAttribute(name, value); }
  };
  const tell = (name, value) => { if (main.dataset[name] !== String(value)) main.dataset[name] = value; };
  // The last row that begins at or before a frame.
  const rowAt = (rows, frame) => {
    let low = 0, high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle][0] <= frame) low = middle; else high = middle - 1;
    }
    return low;
  };

  // --- where one stopped, as far as the browser keeps it ---
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(`voicecoach ${key}`)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(`voicecoach ${key}`, JSON.stringify(value)); } catch { /* it is shut */ } },
  };
  const kept = store.read(data.guid) || {};
  let done = Boolean(kept.done), wanted = null, savedAt = -1;
  const isOver = (s) => s > length - 3;
  if (kept.version === data.version && kept.at > 1 && !isOver(kept.at)) wanted = kept.at;

  // Before the sound is there, the place that is wanted stands for the one that is.
  const now = () => (wanted === null ? audio.currentTime : wanted);
  const save = () => {
    const at = now();
    if (audio.ended || isOver(at)) done = true;
    savedAt = at;
    store.write(data.guid, { version: data.version, at: isOver(at) ? 0 : at, length, done });
  };
  const arrive = () => {
    if (wanted !== null && audio.readyState > 0) { audio.currentTime = wanted; wanted = null; }
  };
  const go = (s) => {
    wanted = Math.max(0, Math.min(s, length - 0.05));
    arrive();
    look();
    save();
  };

  // --- what is shown ---
  let shown = -1, chapter = -1, announced = -1, second = -1, lastTick = null;
  const links = [...document.querySelectorAll('#chapters a')];
  const ring = $('ring'), part = $('part'), disc = $('disc'), RING = 54 * ROUND, PART = 45.5 * ROUND;
  const arc = (node, around, from, to) => {
    const half = (share) => Math.round(share * around * 2) / 2;
    put(node, 'stroke-dasharray', `${Math.max(0, half(to) - half(from))} ${around + 1}`);
    put(node, 'stroke-dashoffset', -half(from));
  };

  function look() {
    const at = now(), frame = Math.round(at * rate);
    const index = rowAt(spans, frame), span = spans[index];
    const end = index + 1 < spans.length ? spans[index + 1][0] : frames;
    const state = audio.ended && wanted === null ? 'ended' : !audio.paused ? 'playing' : at < 0.05 ? 'ready' : 'paused';
    if (state !== main.dataset.state) { tell('state', state); dress(state); }
    if (index !== shown) { shown = index; turn(index, span, end); }
    moment(span, Math.min(frame, end), end);
    const here = rowAt(chapters, frame);
    if (here !== chapter) { chapter = here; open(here); }
    if (Math.floor(at) !== second) { second = Math.floor(at); pass(at); }
    if (announced !== index && state === 'playing') { announced = index; say(span, end); }
    if (Math.abs(at - savedAt) >= 5 && state === 'playing') save();
  }

  // A span begins.
  function turn(index, span, end) {
    const [start, kind, what = 0, side = 0, number = 0, next = 0, where = 0, figure = 0, marks = []] = span;
    tell('spanIndex', index);
    tell('kind', kinds[kind]);
    tell('side', SIDES[side]);
    const more = [texts[number], texts[where]].filter(Boolean).join(' · ');
    // In a rest, what comes next is what matters.
    const resting = kinds[kind] === 'rest', preparing = kinds[kind] === 'set-up' || kinds[kind] === 'change sides';
    const coming = next ? fill(words[preparing ? 'then' : 'next'], { what: texts[next] }) : '';
    set($('what').firstChild, resting ? coming : texts[what]);
    set($('what').lastChild, more);
    $('what').toggleAttribute('data-long', $('what').firstChild.textContent.length > 34);
    set($('next'), resting || !coming ? '\u00a0' : coming);
    $('unit').hidden = Boolean(figure);
    for (const one of $('figures').children) one.toggleAttribute('hidden', one.id !== `figure-${figure}`);
    const beats = marks.filter((mark) => 'rpiofe'.includes(mark[1]));
    span.beats = beats;
    span.flashes = marks.filter((mark) => 'ht'.includes(mark[1]));
    span.of = Math.max(0, ...beats.map((mark) => mark[2]));
    // The ring is cut where a repetition, cycle or breath begins, as long as the cuts leave something of it.
    const cuts = beats.filter((mark) => mark[0] && 'rpi'.includes(mark[1])).map((mark) => (mark[0] / (end - start)) * ROUND);
    const point = (angle, radius) => `${(60 + radius * Math.sin(angle)).toFixed(1)} ${(60 - radius * Math.cos(angle)).toFixed(1)}`;
    $('cuts').setAttribute('d', cuts.length > 40 ? '' : cuts.map((a) => `M${point(a, 49)}L${point(a, 59)}`).join(''));
  }

  // A moment of a span.
  function moment(span, frame, end) {
    const [start, kind, , side = 0] = span, inside = frame - start, all = end - start, name = kinds[kind];
    const left = Math.max(0, (end - frame) / rate);
    let beat = null, from = 0, to = all;
    for (const one of span.beats) {
      if (one[0] > inside) { to = one[0]; break; }
      beat = one; from = one[0];
    }
    const flash = span.flashes.find((one) => inside >= one[0] && inside < one[0] + rate * (one[1] === 't' ? 0.9 : 2.5));
    const sign = beat ? beat[1] : '', turnSide = beat && sign === 'r' && beat[3] ? beat[3] : side;
    const share = Math.min(1, Math.max(0, (inside - from) / (to - from || 1)));
    let doing = words[name], big = Math.ceil(left - 1e-6), unit = null;
    if (sign === 'r') {
      doing = fill(words.rep, { n: beat[2], total: span.of });
      big = beat[2]; unit = fill(words.of, { total: span.of });
    } else if (beat) {
      doing = sign === 'p' ? texts[beat[3] || 0] || doing : words[sign];
      big = Math.ceil((to - inside) / rate - 1e-6); unit = `${beat[2]} ${fill(words.of, { total: span.of })}`;
    }
    const long = !beat && big >= 60;
    if (flash && flash[1] === 'h') unit = words.h;
    set($('doing'), doing);
    const digits = $('digits'), text = long ? clock(big) : String(big);
    set(digits, text);
    put(digits, 'data-long', text.length);
    set($('unit'), unit === null ? words[long ? 'min' : 's'] : unit);
    const tick = flash && flash[1] === 't' ? flash : null;
    if (tick !== lastTick) { lastTick = tick; digits.classList.remove('tick'); if (tick) { void digits.offsetWidth; digits.classList.add('tick'); } }
    const showSide = name === 'rest' ? 0 : turnSide;
    put($('side'), 'data-is', SIDES[showSide]);
    tell('side', SIDES[turnSide]);
    tell('mark', sign);
    tell('rep', beat ? beat[2] : '');
    tell('of', span.of || '');
    tell('left', Math.ceil(left - 1e-6));
    arc(ring, RING, Math.min(1, inside / all), 1);
    arc(part, PART, 0, sign === 'r' || sign === 'p' || (still.matches && beat) ? share : 0);
    const breathing = 'ifoe'.includes(sign || '-') && !still.matches;
    const eased = (1 - Math.cos(share * Math.PI)) / 2;
    put(disc, 'r', breathing ? (16 + 30 * { i: eased, f: 1, o: 1 - eased, e: 0 }[sign]).toFixed(1) : 0);
    caption(frame);
  }
  const still = matchMedia('(prefers-reduced-motion: reduce)');

  function open(index) {
    tell('chapter', index);
    links.forEach((link, n) => { if (n === index) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current'); });
    const box = $('chapters'), link = links[index];
    if (link && box.scrollHeight > box.clientHeight + 4) box.scrollTop = link.offsetTop - box.clientHeight / 3;
    mediaSession();
  }

  function pass(at) {
    set($('time'), clock(at));
    set($('left'), fill(words['left-time'], { time: clock(Math.ceil(length - at - 1e-6)) }));
    seek.value = at;
    seek.setAttribute('aria-valuetext', fill(words.at, { time: clock(at), length: clock(length), chapter: chapters[rowAt(chapters, Math.round(at * rate))][1] }));
    $('gone').setAttribute('width', (at / length) * 1000);
  }

  function say(span, end) {
    const [start, kind, what = 0, side = 0] = span;
    const parts = [words[kinds[kind]], texts[what], side && kinds[kind] !== 'rest' ? words[SIDES[side]] : ''];
    set($('said'), `${parts.filter(Boolean).join('. ')}. ${Math.round((end - start) / rate)} ${words.s}`);
  }

  function dress(state) {
    const label = state === 'playing' ? words.pause : state === 'ended' ? words.again : state === 'paused' ? words['go-on'] : words.play;
    $('toggle').setAttribute('aria-label', label);
    $('toggle').title = label;
    if (state === 'playing') $('restart').hidden = true;
    if (state === 'ended') set($('said'), words.end);
    stayAwake();
  }

  // --- captions, from their file ---
  const track = $('track') && $('track').track;
  let cues = null, captionsOn = Boolean(store.read('captions'));
  function caption(frame) {
    if (!captionsOn) return;
    if (!cues && track.cues && track.cues.length) cues = [...track.cues].map((cue) => [cue.startTime * rate - 1, cue.endTime * rate, cue.getCueAsHTML().textContent]);
    const cue = cues && cues.length ? cues[rowAt(cues, frame)] : null;
    set($('caption'), cue && cue[0] <= frame && frame < cue[1] ? cue[2] : '');
  }
  function showCaptions(on) {
    captionsOn = on;
    track.mode = on ? 'hidden' : 'disabled';
    $('captions').setAttribute('aria-pressed', on);
    $('caption').hidden = !on;
    document.body.classList.toggle('reading', on);
    store.write('captions', on);
    look();
  }
  if (track) {
    $('captions').hidden = false;
    $('captions').addEventListener('click', () => showCaptions(!captionsOn));
    $('track').addEventListener('load', look);
    $('track').addEventListener('error', () => { if (captionsOn) { cues = []; set($('caption'), words['no-captions']); } });
  }

  // --- the screen stays on ---
  let lock = null, asking = false, awake = store.read('awake') !== false;
  async function stayAwake() {
    if (!('wakeLock' in navigator)) return;
    const want = awake && !audio.paused && !document.hidden;
    if (!want) { if (lock) { lock.release().catch(() => {}); lock = null; } return; }
    if (lock || asking) return;
    asking = true;
    try {
      lock = await navigator.wakeLock.request('screen');
      lock.addEventListener('release', () => { lock = null; });
      set($('awake-why'), '');
    } catch { set($('awake-why'), words.awake); $('awake-why').hidden = false; }
    asking = false;
    if (lock && (audio.paused || !awake)) stayAwake();
  }
  function keepAwake(on) {
    awake = on;
    $('awake').setAttribute('aria-pressed', on);
    store.write('awake', on);
    stayAwake();
  }
  if ('wakeLock' in navigator) {
    $('awake').hidden = false;
    $('awake').addEventListener('click', () => keepAwake(!awake));
    $('awake').setAttribute('aria-pressed', awake);
  } else $('awake-why').hidden = false;

  // --- controls ---
  function play() {
    $('alert').hidden = true;
    if (audio.error) audio.load();
    if (audio.ended) go(0);
    const started = audio.play();
    if (started) started.catch((error) => { if (error.name !== 'AbortError' && error.name !== 'NotAllowedError') failed(); });
  }
  const toggle = () => (audio.paused ? play() : audio.pause());
  // A sound that broke off (the network changed, or it came from another cache) is taken up once where it was.
  let failedAt = -1e9, going = false;
  function failed() {
    if (wanted === null && audio.currentTime) wanted = audio.currentTime;
    const again = performance.now() - failedAt > 15000 && wanted !== null;
    failedAt = performance.now();
    if (again) {
      audio.load();
      if (going) play();
    } else $('alert').hidden = false;
    look();
  }
  const jump = (seconds) => go(now() + seconds);
  // Back to where the chapter began; from within its first seconds, to the one before.
  function skip(way) {
    const at = now(), here = rowAt(chapters, Math.round(at * rate));
    if (way > 0 && here + 1 >= chapters.length) return;
    const back = at - chapters[here][0] / rate > 3 ? here : Math.max(0, here - 1);
    toChapter(way > 0 ? here + 1 : back);
  }
  // Rounded up: a place before the chapter's first frame would still show the one before.
  const toChapter = (index) => go(Math.ceil((chapters[index][0] / rate) * 1e4) / 1e4);

  $('toggle').addEventListener('click', toggle);
  $('retry').addEventListener('click', () => { audio.load(); play(); });
  $('restart').addEventListener('click', () => { go(0); play(); });
  $('previous').addEventListener('click', () => skip(-1));
  $('following').addEventListener('click', () => skip(1));
  $('back').addEventListener('click', () => jump(-10));
  $('on').addEventListener('click', () => jump(10));
  $('stage').addEventListener('click', (event) => { if (!event.target.closest('a, button') && !String(getSelection())) toggle(); });
  links.forEach((link, n) => link.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    toChapter(n);
    if (audio.paused) play();
  }));
  seek.max = length;
  seek.addEventListener('input', () => go(Number(seek.value)));
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || target.matches('input:not([type=range]), textarea, select')) return;
    const bracket = key === '[' || key === ']';
    if (!bracket && (event.ctrlKey || event.metaKey || event.altKey)) return;
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: target === seek && 1, ArrowDown: target === seek && -1, ']': 1, '[': -1 }[key];
    if (key === ' ' && !target.closest('a, button, summary')) toggle();
    else if (way && (bracket || event.shiftKey)) skip(way);
    else if (way) jump(10 * way);
    else if ((key === 'c' || key === 'C') && track) showCaptions(!captionsOn);
    else return;
    event.preventDefault();
  });

  // --- the phone's own controls ---
  const session = navigator.mediaSession;
  function mediaSession() {
    if (!session || !window.MediaMetadata) return;
    const art = /^http/.test(location.protocol) ? document.querySelectorAll('[data-art]') : [];
    const artwork = [...art].map((one) => ({ src: new URL(one.dataset.art, location.href).href, sizes: one.dataset.size, type: 'image/jpeg' }));
    const title = chapters[Math.max(0, chapter)][1];
    session.metadata = new MediaMetadata({ title, artist: main.dataset.title, album: main.dataset.album, artwork });
  }
  function position() {
    if (session && session.setPositionState) {
      try { session.setPositionState({ duration: length, position: Math.min(now(), length), playbackRate: audio.playbackRate || 1 }); } catch { /* not yet */ }
    }
    if (session) session.playbackState = audio.paused ? 'paused' : 'playing';
  }
  const actions = {
    play, pause: () => audio.pause(), stop: () => audio.pause(), previoustrack: () => skip(-1), nexttrack: () => skip(1),
    seekbackward: (about) => jump(-(about.seekOffset || 10)), seekforward: (about) => jump(about.seekOffset || 10),
    seekto: (about) => go(about.seekTime),
  };
  if (session) {
    for (const name of Object.keys(actions)) {
      try { session.setActionHandler(name, (about) => { actions[name](about || {}); position(); }); } catch { /* it does not know this one */ }
    }
  }

  // --- the session as a line: work is thick, left above, right below ---
  spans.forEach(([start, kind, , side = 0], n) => {
    const end = n + 1 < spans.length ? spans[n + 1][0] : frames, name = kinds[kind];
    const work = ['hold', 'reps', 'time', 'cycles', 'breathe'].includes(name);
    const box = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    const [y, high] = !work ? [8.5, 3] : side === 1 ? [1, 11] : side === 2 ? [8, 11] : [1, 18];
    const x = (start / frames) * 1000, wide = ((end - start) / frames) * 1000;
    for (const [key, value] of Object.entries({ x, y, height: high, width: Math.max(0.5, wide - (work ? 1.5 : 0)), 'data-kind': name })) box.setAttribute(key, value);
    $('spans').append(box);
    $('past').append(box.cloneNode());
  });

  // --- looking: each frame while it plays and is seen, at each event, and at each change that is to come ---
  let frameAsked = 0, timer = 0;
  function next() {
    cancelAnimationFrame(frameAsked);
    clearTimeout(timer);
    if (audio.paused || audio.ended) return;
    if (!document.hidden) frameAsked = requestAnimationFrame(watch);
    const at = now() * rate, after = spans.find((span) => span[0] > at);
    timer = setTimeout(watch, Math.min(1000, after ? ((after[0] - at) / rate) * 1000 + 5 : 1000));
  }
  function watch() { look(); next(); }
  audio.addEventListener('play', () => { going = true; });
  audio.addEventListener('pause', () => { if (!audio.error) going = false; });
  for (const name of ['loadedmetadata', 'play', 'playing', 'pause', 'seeking', 'seeked', 'timeupdate', 'ended', 'waiting', 'ratechange']) {
    audio.addEventListener(name, () => {
      if (name === 'loadedmetadata') arrive();
      watch();
      if (name !== 'timeupdate') position();
      if (name === 'pause' || name === 'ended') { save(); stayAwake(); }
    });
  }
  audio.addEventListener('error', failed);
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); watch(); stayAwake(); });
  addEventListener('pagehide', save);
  addEventListener('pageshow', watch);

  $('restart').hidden = wanted === null;
  if (track) showCaptions(captionsOn);
  arrive();
  watch();
  if (audio.error) failed(); // it failed before anybody listened
})();
