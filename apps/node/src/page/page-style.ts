export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #8884; --quiet: #777; --good: #1a7f4b; --bad: #b3372a; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem 1.25rem 3rem; font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
p { margin: .2rem 0; } .quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); }
.actions { margin-left: auto; }
button { font: inherit; padding: .25rem .9rem; border: 1px solid var(--line); border-radius: 6px; background: none; cursor: pointer; }
progress { width: 100%; height: .8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
td.number { text-align: right; } code { font-size: .85em; word-break: break-all; }
`;
