// What the page can do beyond being read: a read-out of the chart, and its pictures, numbers and data as files.
(() => {
  const save = (name, type, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // A picture by itself has no style sheet: what this one shows, in light colours, becomes attributes of its parts.
  const kept = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'opacity',
    'font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order'];
  const picture = svg => {
    document.documentElement.classList.add('light');
    const copy = svg.cloneNode(true), from = [...svg.querySelectorAll('*')], to = [...copy.querySelectorAll('*')];
    from.forEach((part, i) => {
      if (part.closest('title, desc')) return;
      const style = getComputedStyle(part);
      kept.forEach(name => { if (style.getPropertyValue(name)) to[i].setAttribute(name, style.getPropertyValue(name)); });
    });
    const patterns = document.querySelector('#chart defs');
    if (patterns && !copy.querySelector('defs')) copy.prepend(patterns.cloneNode(true));
    const [, , width, height] = copy.getAttribute('viewBox').split(' ').map(Number);
    const paper = document.createElementNS(svg.namespaceURI, 'rect');
    [['width', width], ['height', height], ['fill', '#fff']].forEach(([name, value]) => paper.setAttribute(name, value));
    copy.prepend(paper);
    copy.setAttribute('width', width);
    copy.setAttribute('height', height);
    document.documentElement.classList.remove('light');
    return new XMLSerializer().serializeToString(copy);
  };

  const csv = table => [...table.rows].map(row => [...row.cells]
    .map(cell => `"${cell.textContent.replaceAll('"', '""')}"`).join(',')).join('\r\n') + '\r\n';

  document.querySelectorAll('.tools').forEach(tools => { tools.hidden = false; });
  document.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    const { svg, csv: table, json } = button.dataset;
    if (svg) save(`${svg}.svg`, 'image/svg+xml', picture(document.getElementById(svg)));
    if (table) save(`${table}.csv`, 'text/csv', csv(document.getElementById(table)));
    if (json) save('report.json', 'application/json', document.getElementById(json).textContent);
  });

  // Paper shows what is closed on a screen, as far as it can be read there.
  addEventListener('beforeprint', () => document.querySelectorAll('details.proof').forEach(proof => { proof.open = false; }));

  const chart = document.getElementById('chart'), data = document.getElementById('numbers'), out = document.getElementById('readout');
  if (!chart || !data || !out) return;
  const { from, to, bin, names, levels } = JSON.parse(data.textContent);
  const cursor = document.getElementById('cursor');
  const [left, right, top, base] = ['left', 'right', 'top', 'base'].map(side => Number(cursor.dataset[side]));
  let at = -1;
  chart.tabIndex = 0;
  out.hidden = false;
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
