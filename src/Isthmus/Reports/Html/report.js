// The read-out of the chart: by pointer, by touch, or with the arrow keys when the chart has the focus.
(() => {
  const chart = document.getElementById('chart'), data = document.getElementById('numbers'), out = document.getElementById('readout');
  if (!chart || !data || !out) return;
  const { from, to, bin, names, levels } = JSON.parse(data.textContent);
  const left = 46, right = 950, top = 46, base = 296, cursor = document.getElementById('cursor');
  let at = -1;
  const show = index => {
    at = Math.max(0, Math.min(levels.length - 1, index));
    const start = from + at * bin, x = left + (right - left) * Math.min(1, (start + bin / 2 - from) / (to - from));
    cursor.innerHTML = `<line class="cursor" x1="${x}" x2="${x}" y1="${top}" y2="${base}"/>`;
    const when = new Date(start).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';
    const level = levels[at];
    if (!level) { out.textContent = `${when}: no data`; return; }
    const parts = level.map((share, i) => share > 0 ? `${names[i]} ${share}%` : '').filter(Boolean);
    const none = Math.round((100 - level.reduce((sum, share) => sum + share, 0)) * 10) / 10;
    if (none > 0.2) parts.push(`no route ${none}%`);
    out.textContent = `${when}: ${parts.join(' · ')}`;
  };
  const clear = () => { at = -1; cursor.innerHTML = ''; out.textContent = out.dataset.hint; };
  chart.addEventListener('pointermove', event => {
    const box = chart.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * 960;
    show(Math.floor((x - left) / (right - left) * (to - from) / bin));
  });
  chart.addEventListener('pointerleave', clear);
  chart.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12 }[event.key];
    if (event.key === 'Home') show(0);
    else if (event.key === 'End') show(levels.length - 1);
    else if (event.key === 'Escape') clear();
    else if (step) show(at < 0 ? 0 : at + step);
    else return;
    event.preventDefault();
  });
})();
