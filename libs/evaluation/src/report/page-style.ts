/** Style of a report, on screen and on paper. Black on white, so that it prints and copies well. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 68rem; color: #1c1c1c; background: #fff;
  font: 15px/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
header { border-bottom: 3px solid #0b4f7d; padding-bottom: .75rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
.subtitle { margin: .35rem 0 0; color: #444; font-size: 1rem; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid #c8c8c8; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .5rem; }
p { margin: .5rem 0; max-width: 62rem; }
.notice { margin: 1rem 0 0; padding: .6rem .9rem; border-left: 4px solid #b35900; background: #fdf5ec; font-size: .92rem; }
.note, figcaption { color: #444; font-size: .86rem; margin: .35rem 0 .8rem; }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .75rem; padding: 0; margin: 1rem 0; list-style: none; }
.key li { border: 1px solid #c8c8c8; border-top: 3px solid #0b4f7d; padding: .55rem .8rem .6rem; }
.key .name { display: block; color: #444; font-size: .84rem; }
.key .value { display: block; font-size: 1.55rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.key .range { display: block; color: #444; font-size: .84rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; margin: .6rem 0; font-size: .89rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
th, td { padding: .26rem .7rem .26rem 0; text-align: right; vertical-align: top; border-bottom: 1px solid #e2e2e2; }
td:last-child, thead th:last-child { padding-right: .2rem; }
thead th { border-bottom: 1.5px solid #555; vertical-align: bottom; font-weight: 600; }
th[scope=row], thead th:first-child { text-align: left; }
tbody th { font-weight: 500; }
table.facts { width: 100%; }
table.facts td { text-align: left; width: 100%; overflow-wrap: anywhere; }
table.facts th { white-space: nowrap; padding-right: 1.2rem; color: #444; }
code { font: .84em/1.4 Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.stacked { display: inline-block; white-space: nowrap; }
.stacked small { display: block; color: #444; font-size: .84em; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid #0b4f7d; outline-offset: 2px; }
.pair { display: flex; flex-wrap: wrap; gap: .5rem 2.25rem; align-items: flex-start; }
.pair > div { flex: 1 1 21rem; min-width: 0; }
figure { margin: .4rem 0; }
figure svg { max-width: 100%; height: auto; display: block; }
ul.plain { padding-left: 1.1rem; margin: .5rem 0; }
ul.plain li { margin: .25rem 0; max-width: 62rem; }
footer { margin-top: 2.5rem; padding-top: .6rem; border-top: 1px solid #c8c8c8; color: #444; font-size: .84rem; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .notice { background: none; border: 1px solid #b35900; border-left-width: 4px; }
  .key { grid-template-columns: repeat(4, 1fr); }
  .pair { flex-wrap: nowrap; gap: 1.2rem; }
  .pair > div { flex-basis: 0; }
  .scroll { overflow: visible; }
  h2, h3, caption { break-after: avoid; }
  figure, .pair, .key li, tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
`
  .replace(/\n\s*/g, '\n')
  .trim();
