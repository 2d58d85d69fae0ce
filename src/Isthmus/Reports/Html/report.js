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
  const alone = shown => {
    const copy = shown.cloneNode(true), to = [...copy.querySelectorAll('*')];
    [...shown.querySelectorAll('*')].forEach((part, i) => {
      if (part.closest('title, desc')) return;
      const style = getComputedStyle(part);
      kept.forEach(name => { if (style.getPropertyValue(name)) to[i].setAttribute(name, style.getPropertyValue(name)); });
    });
    return copy;
  };
  // The same picture in dots, twice as fine as it is shown: the browser draws it by itself.
  const raster = (name, text) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(image.src);
      canvas.toBlob(dots => save(`${name}.png`, 'image/png', dots), 'image/png');
    };
    image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  };
  const picture = svg => {
    document.documentElement.classList.add('light');
    const copy = alone(svg), patterns = document.querySelector('svg defs');
    if (patterns && !copy.querySelector('defs')) copy.prepend(alone(patterns));
    const [, , width, height] = copy.getAttribute('viewBox').split(' ').map(Number);
    const paper = document.createElementNS(svg.namespaceURI, 'rect');
    [['width', width], ['height', height], ['fill', '#fff']].forEach(([name, value]) => paper.setAttribute(name, value));
    copy.prepend(paper);
    copy.setAttribute('width', width);
    copy.setAttribute('height', height);
    const whole = framed(copy, svg, width, height);
    document.documentElement.classList.remove('light');
    return new XMLSerializer().serializeToString(whole);
  };

  // A picture that leaves the page takes with it what makes it true: whose it is, of when, by which measure, from what, its colours.
  const framed = (copy, svg, width, height) => {
    const part = (name, values, text = '') => {
      const made = document.createElementNS(svg.namespaceURI, name);
      Object.entries(values).forEach(([key, value]) => made.setAttribute(key, value));
      made.textContent = text;
      return made;
    };
    const said = selector => document.querySelector(selector)?.textContent.trim() ?? '';
    // Letters are about so wide in the fonts that there are; a line that is short does no harm, one that is cut does.
    const wrapped = (text, size, isBold) => text.split(/\s+/).reduce((lines, word) => {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length * size * (isBold ? .68 : .6) <= width - 20) lines[lines.length - 1] = longer;
      else lines.push(word);
      return lines;
    }, ['']);
    const whole = part('svg', { xmlns: svg.namespaceURI, 'font-family': 'system-ui, "DejaVu Sans", Arial, sans-serif' });
    const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    let y = 6;
    const write = (text, size, look = {}) => {
      if (text) wrapped(text, size, look['font-weight'] === 700).forEach(line => {
        y += size * 1.35;
        whole.append(part('text', { x: 10, y, 'font-size': size, fill: '#1b1b1a', ...look }, line));
      });
    };
    write(said('.notice'), 13, { 'font-weight': 700, fill: '#a8201a' });
    write(said('h1'), 19, { 'font-weight': 700 });
    write(said('.standing'), 15, { 'font-weight': 700 });
    write(`${svg.querySelector('title')?.textContent ?? ''}. ${said('.period')}`, 13);
    let x = 10;
    y += 20;
    document.querySelector('.legend')?.querySelectorAll('li').forEach(entry => {
      const kind = entry.className, room = 30 + entry.textContent.length * 7;
      if (x > 10 && x + room > width) { x = 10; y += 18; }
      const fill = kind === 'gapped' ? 'url(#gap)' : colour({ none: 'ground', out: 'accent' }[kind] ?? kind);
      const hatch = { u1: 1, u3: 2, u5: 3 }[kind];
      const box = { x, y: y - 10, width: 12, height: 12 };
      whole.append(part('rect', { ...box, fill, stroke: '#dcd8d0' }));
      if (hatch) whole.append(part('rect', { ...box, fill: `url(#hatch${hatch})` }));
      whole.append(part('text', { x: x + 17, y, 'font-size': 12, fill: '#1b1b1a' }, entry.textContent));
      x += room;
    });
    y += 10;
    copy.setAttribute('y', y);
    y += height;
    whole.append(copy);
    write(svg.closest('figure')?.querySelector('figcaption')?.textContent.trim() ?? '', 12);
    write(said('p.cite'), 11, { fill: '#5c5a55' });
    y += 12;
    whole.prepend(part('rect', { width, height: y, fill: '#fff' }));
    whole.setAttribute('viewBox', `0 0 ${width} ${y}`);
    whole.setAttribute('width', width);
    whole.setAttribute('height', y);
    return whole;
  };

  // Spreadsheets take a cell that begins so for a formula, unless it is a number; the apostrophe says that it is text.
  const asText = text => /^[=+@\t\r\n-]/.test(text) && !/^[+-]?[\d.,]+$/.test(text) ? `'${text}` : text;
  const csv = table => [...table.rows].map(row => [...row.cells]
    .map(cell => `"${asText(cell.textContent).replaceAll('"', '""')}"`).join(',')).join('\r\n') + '\r\n';

  document.querySelectorAll('.tools').forEach(tools => { tools.hidden = false; });
  document.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    const { svg, png, csv: table, json } = button.dataset;
    if (png) raster(png, picture(document.getElementById(png)));
    if (svg) save(`${svg}.svg`, 'image/svg+xml', picture(document.getElementById(svg)));
    if (table) save(`${table}.csv`, 'text/csv', csv(document.getElementById(table)));
    if (json) save('report.json', 'application/json', document.getElementById(json).textContent);
  });

  // Paper shows what is closed on a screen, as far as it can be read there.
  addEventListener('beforeprint', () => document.querySelectorAll('details.proof').forEach(proof => { proof.open = false; }));

  const charts = [...document.querySelectorAll('svg.chart')], data = document.getElementById('numbers'), out = document.getElementById('readout');
  if (charts.length === 0 || !data || !out) return;
  const { from, to, bin, names, levels } = JSON.parse(data.textContent);
  let at = -1;
  if (matchMedia('(pointer: coarse)').matches) out.textContent = out.dataset.hint = out.dataset.touch;
  out.hidden = false;
  charts.forEach(chart => {
    const cursor = chart.querySelector('.cursors'), wide = chart.viewBox.baseVal.width;
    const [left, right, top, base] = ['left', 'right', 'top', 'base'].map(side => Number(cursor.dataset[side]));
    chart.tabIndex = 0;
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
      const box = chart.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * wide;
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
  });
})();
