"""The parts of the page that are the same for every session: how it looks, and what it does when one points at it."""

STYLE = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;padding:16px 16px 72px;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif}
header,.tools,.picture,details{max-width:1500px;margin-inline:auto}
h1{margin:0 0 8px;font-size:1.6rem;line-height:1.2;overflow-wrap:anywhere}
dl{display:flex;flex-wrap:wrap;gap:6px 26px;margin:0}
dt{font-size:.8rem;color:var(--soft)}
dd{margin:0;font-weight:600}
.tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin-block:12px}
.tools[hidden]{display:none}
.tools p{margin:0 0 0 8px;font-size:.85rem;color:var(--soft)}
button{font:inherit;min-width:40px;min-height:36px;color:var(--ink);background:var(--lane);
border:1px solid var(--soft);border-radius:6px;cursor:pointer}
button:focus-visible,summary:focus-visible{outline:2px solid var(--hold);outline-offset:2px}
.picture{overflow-x:auto}
.sheet{width:calc(100% * var(--zoom,1))}
.narrow .sheet{max-width:calc(560px * var(--zoom,1));margin-inline:auto}
svg{display:block;width:100%;height:auto}
.m:focus,.m.on{outline:2px solid var(--ink);outline-offset:1px}
.narrow{display:none}
@media screen and (max-width:899px){.wide{display:none}.narrow{display:block}.keys{display:none}}
#told{position:fixed;inset:auto 0 0 0;margin:0;padding:10px 16px;background:var(--ink);color:var(--paper);
font-size:.95rem;max-height:40vh;overflow:auto}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details{margin-block:16px}
summary{cursor:pointer;padding:8px 0;font-weight:600}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);padding-bottom:6px}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-top:1px solid var(--grid)}
tbody th,td:nth-child(2){font-weight:400;font-variant-numeric:tabular-nums;white-space:nowrap}
td p{margin:0}
small{color:var(--soft);font-variant-numeric:tabular-nums}
@media screen and (max-width:600px){thead{display:none}tr{display:block;border-top:1px solid var(--grid);padding:6px 0}
th,td{display:inline;border:0;padding:0 8px 0 0}td:last-child{display:block}}
@page{size:A4 landscape;margin:11mm}
@media print{body{padding:0;font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.tools,#told,details:not([open]){display:none}.picture{overflow:visible}.sheet{width:100%}
dl{margin-bottom:5mm}svg,tr{break-inside:avoid}h1{font-size:15pt}}
"""

TOOLS = """<div class="tools" hidden>
<button type="button" data-zoom="-1" aria-label="Smaller">&minus;</button>
<button type="button" data-zoom="1" aria-label="Larger">+</button>
<button type="button" data-zoom="0">Fit</button>
<p class="keys">Point at anything, or press Tab and then the arrow keys, to read it.</p>
</div>"""

SCRIPT = """
(() => {
  'use strict';
  const told = document.getElementById('told'), root = document.documentElement;
  const sizes = [1, 1.5, 2, 3, 4, 6];
  let zoom = 0, current = null;
  const lanes = () => {
    const found = new Map();
    for (const m of document.querySelectorAll('.m')) {
      if (!m.getClientRects().length) continue;
      const kind = m.classList[1];
      if (!found.has(kind)) found.set(kind, []);
      found.get(kind).push(m);
    }
    return found;
  };
  const at = m => Number(m.dataset.at);
  const tell = m => {
    if (current) current.classList.remove('on');
    current = m;
    if (m) { m.classList.add('on'); told.textContent = m.querySelector('title').textContent; }
    told.hidden = !m;
  };
  const go = m => {
    if (!m) return;
    for (const old of document.querySelectorAll('.m[tabindex="0"]')) old.setAttribute('tabindex', '-1');
    m.setAttribute('role', 'img');
    m.setAttribute('aria-label', m.querySelector('title').textContent);
    m.setAttribute('tabindex', '0');
    m.focus();
    m.scrollIntoView({block: 'nearest', inline: 'nearest'});
  };
  const enter = () => {
    for (const picture of document.querySelectorAll('.picture')) {
      const first = picture.querySelector('.m.span');
      if (first) { first.setAttribute('tabindex', '0'); first.setAttribute('role', 'img');
        first.setAttribute('aria-label', first.querySelector('title').textContent); }
    }
  };
  document.addEventListener('pointerover', e => { const m = e.target.closest('.m'); if (m) tell(m); });
  document.addEventListener('click', e => { if (!e.target.closest('button')) tell(e.target.closest('.m')); });
  document.addEventListener('focusin', e => tell(e.target.closest('.m')));
  document.addEventListener('keydown', e => {
    const m = document.activeElement && document.activeElement.closest('.m');
    if (e.key === 'Escape') tell(null);
    if (!m || e.ctrlKey || e.metaKey || e.altKey) return;
    const found = lanes(), kinds = [...found.keys()], kind = m.classList[1], lane = found.get(kind);
    const here = lane.indexOf(m);
    const near = step => {
      const other = found.get(kinds[(kinds.indexOf(kind) + step + kinds.length) % kinds.length]);
      return other.reduce((a, b) => Math.abs(at(b) - at(m)) < Math.abs(at(a) - at(m)) ? b : a);
    };
    const to = {ArrowRight: () => lane[here + 1], ArrowLeft: () => lane[here - 1], Home: () => lane[0],
      End: () => lane[lane.length - 1], ArrowDown: () => near(1), ArrowUp: () => near(-1)}[e.key];
    if (to) { e.preventDefault(); go(to()); }
  });
  document.querySelector('.tools').addEventListener('click', e => {
    const step = e.target.dataset.zoom;
    if (step === undefined) return;
    zoom = step === '0' ? 0 : Math.min(sizes.length - 1, Math.max(0, zoom + Number(step)));
    root.style.setProperty('--zoom', sizes[zoom]);
  });
  document.querySelector('.tools').hidden = false;
  enter();
})();
"""
