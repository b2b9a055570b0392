/**
 * The one style sheet of a report. No rule loads anything. The calls and their summaries are blocks and no list items: each
 * of those has a number, and to count thousands again whenever some are hidden takes Chromium a minute.
 */
export const style = `
:root{color-scheme:light dark;--page:#fbfbf9;--card:#fff;--ink:#1c2126;--soft:#59636e;--line:#e0e3e6;--edge:#8b949e;
--error:#b42318;--warning:#8a5300;--info:#3a5a85;--sound:#1f6b43;--link:#0b57a4;--tint:#f1f3f5;
--error-fill:#c9372c;--warning-fill:#d99a2b;--sound-fill:#b4bec8;--setup:#a9b4bf;--ringing:#79a9d8;--talk:#2d6cab;--mark:#fff2cc;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1a1e22;--ink:#e4e7ea;--soft:#9ba6b1;--line:#2d343b;--edge:#6e7a86;
--error:#ff9a90;--warning:#e8b862;--info:#a3c1ea;--sound:#86d0a2;--link:#8fc0f5;--tint:#21262b;
--error-fill:#e5655a;--warning-fill:#c98f2f;--sound-fill:#4c5863;--setup:#5a6672;--ringing:#4a7fb5;--talk:#8fc0f5;--mark:#4a3d16}}
*{box-sizing:border-box}
html{font:15px/1.5 var(--sans);background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:78rem}
h1,h2,h3,p,ol,ul,dl,dd,pre,table,figure{margin:0;padding:0}
ol,ul{list-style:none}
h1{font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1.1rem;line-height:1.3;font-weight:650;letter-spacing:-.005em}
h3{font-size:.8rem;font-weight:600;color:var(--soft);margin:1.1rem 0 .35rem}
section{margin-top:2.75rem}
a{color:var(--link)}
code,.mono,.n{font-family:var(--mono);font-size:.875em;font-variant-numeric:tabular-nums}
.n{text-align:right;white-space:nowrap}
.soft{color:var(--soft)}
.note{color:var(--soft);font-size:.875rem;max-width:46rem}
.error{color:var(--error)}.warning{color:var(--warning)}.info{color:var(--info)}.sound{color:var(--sound)}
.skip{position:absolute;left:-99rem;background:var(--card);padding:.5rem 1rem}
.skip:focus{left:1rem;top:.5rem;z-index:1}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
header .note{margin-top:.4rem;max-width:none;overflow-wrap:anywhere}
.verdict{margin-top:1.75rem;padding-left:1rem;border-left:4px solid var(--sound);font-size:1.25rem;line-height:1.4;max-width:46rem}
.verdict.error{border-color:var(--error-fill)}.verdict.warning{border-color:var(--warning-fill)}
.verdict,.verdict.error,.verdict.warning{color:var(--ink)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1.25rem 1.5rem;margin-top:1.75rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.figures dt{font-size:.8rem;color:var(--soft)}
.figures dd{font-size:1.4rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.figures .aside{display:block;font-size:.8rem;font-weight:400;letter-spacing:0;color:var(--soft)}
.rules{margin-top:.9rem;border-top:1px solid var(--line)}
.rules>li{display:grid;grid-template-columns:5.8rem minmax(0,1fr) minmax(0,1.15fr) 5rem;gap:0 1.5rem;padding:.9rem 0;border-bottom:1px solid var(--line)}
.rules .what{font-weight:600}
.rules p{max-width:40rem}
.rules .say{margin-top:.2rem;overflow-wrap:anywhere}
.rules .say,.rules .help{font-size:.875rem}
.rules .help{color:var(--soft)}
.rules .go{font-size:.85rem;margin-top:.35rem;display:flex;flex-wrap:wrap;gap:.15rem .9rem;max-width:none}
.rules .much{text-align:right;white-space:nowrap}
.rules .much b{font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
.rules .much span{display:block;font-size:.8rem;color:var(--soft)}
.sign{font-weight:600;white-space:nowrap}
.fold{margin-top:.9rem}
.fold>summary{cursor:pointer;color:var(--link);width:fit-content}
.two{margin-top:2.75rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:2.75rem 3.5rem}
.two section{margin-top:0}
.wide table{min-width:46rem}
.wide{overflow-x:auto;margin-top:.9rem;position:relative}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{font-weight:600;font-size:.8rem;color:var(--soft);text-align:left;white-space:nowrap}
th,td{padding:.35rem 1.25rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:baseline}
th:last-child,td:last-child{padding-right:0}
th.n{text-align:right;font-family:var(--sans)}
td .break{display:inline-block;min-width:12rem;max-width:34rem;overflow-wrap:anywhere}
.bars{margin-top:.9rem;width:100%;font-size:.9rem}
.bars td,.bars th{border:0;padding:.12rem .75rem .12rem 0}
.bars th{font-weight:400;font-size:.9rem;color:var(--ink);width:1%}
.bars td.n{width:1%;padding-right:0}
.bars+.note{margin-top:.5rem}
.bars svg{display:block;width:100%;height:.8rem;min-width:3rem}
svg{overflow:hidden}
.over{overflow:visible}
.bar{fill:var(--talk)}.bar.late{fill:var(--warning-fill)}.bar.bad{fill:var(--error-fill)}
.spans{margin-top:.9rem}
.spans>svg{display:block;width:100%;height:7.5rem;overflow:visible}
.spans .zero,.axis{stroke:var(--edge);stroke-width:1}
.spans .up{fill:var(--sound-fill)}.spans .warned{fill:var(--warning-fill)}.spans .failed{fill:var(--error-fill)}
.spans text,.chart text{fill:var(--soft);font:11px var(--mono)}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.85rem;color:var(--soft);margin-top:.5rem}
.key svg{width:.8rem;height:.8rem;vertical-align:-.08rem;margin-right:.35rem}
.setup{fill:var(--setup)}.ringing{fill:var(--ringing)}.talk{fill:var(--talk)}
.answered{fill:var(--sound)}.bad-dot{stroke:var(--error);stroke-width:2;fill:none}.no-dot{stroke:var(--warning);stroke-width:1.5;fill:var(--card)}
.halo{stroke:var(--card);stroke-width:6;stroke-linecap:round}
.cut{stroke:var(--card);stroke-width:2}
.open{fill:none;stroke:var(--talk);stroke-width:1.5;stroke-dasharray:3 3}
.tools{display:flex;flex-wrap:wrap;gap:.6rem .8rem;align-items:end;margin-top:.9rem;padding:.9rem 1rem;background:var(--tint);border-radius:6px}
.tools label{font-size:.8rem;color:var(--soft);display:grid;gap:.15rem;flex:0 1 8.3rem}
.tools .grow{flex:1 1 11rem}.tools .when{flex:0 1 12.2rem}
input,select,button{font:inherit;font-size:.9rem;color:var(--ink);background:var(--card);border:1px solid var(--edge);border-radius:4px;padding:.3rem .5rem;min-height:2.1rem;max-width:100%}
input,select{width:100%}
button{cursor:pointer}
button.plain{border:0;background:none;padding:0;min-height:0;color:var(--link);text-decoration:underline;font-size:inherit}
.shown{font-size:.9rem;margin-top:.9rem;min-height:1.4rem}
[hidden]{display:none!important}
.row,.heads{display:grid;grid-template-columns:1rem 4.4rem 5.4rem minmax(12.8rem,1fr) 5.6rem 3.6rem 6.2rem 4.2rem minmax(5rem,.9fr) minmax(6rem,1.2fr);gap:0 .8rem;align-items:center}
.heads{margin-top:.6rem;padding:.3rem .5rem .3rem 1.6rem;border-bottom:1px solid var(--edge);font-size:.8rem;color:var(--soft);font-weight:600}
.heads button{border:0;background:none;padding:.2rem 0;min-height:0;font-size:inherit;font-weight:600;color:var(--soft);text-align:inherit;white-space:nowrap}
.heads button[data-way]{color:var(--ink)}
.heads button[data-way=up]::after{content:" \\2191"}
.heads button[data-way=down]::after{content:" \\2193"}
.heads .n{font-family:var(--sans);font-size:inherit;text-align:right}
.calls>li,.call>summary{display:block}
.calls>li{content-visibility:auto;contain-intrinsic-size:auto 2.2rem;border-bottom:1px solid var(--line)}
.calls .day{padding:1rem 0 .3rem;font-weight:600;font-size:.85rem;color:var(--soft)}
.call>summary{cursor:pointer;padding:.42rem .5rem .42rem 1.6rem;list-style:none;position:relative;font-size:.9rem}
.call>summary::-webkit-details-marker{display:none}
.call>summary::before{content:"";position:absolute;left:.55rem;top:1rem;width:.38rem;height:.38rem;border:solid var(--soft);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg)}
.call[open]>summary::before{transform:rotate(45deg);top:.9rem}
.call>summary:hover{background:var(--tint)}
.call[open]>summary{background:var(--tint)}
.row>*{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row .mini{display:block;width:100%;height:14px}
.row .why{font-size:.85rem}
.row .leg{color:var(--soft)}
.body{padding:.9rem .5rem 1.6rem 1.6rem}
.facts{display:flex;flex-wrap:wrap;gap:.55rem 2.25rem}
.facts dt{font-size:.8rem;color:var(--soft)}
.facts dd{font-size:.9rem;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.sid{user-select:all}
.found{display:grid;gap:.45rem}
.found li{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:0 1.25rem;overflow-wrap:anywhere}
.found p{max-width:52rem;font-size:.9rem}
.found p.soft{font-size:.85rem}
.chart{display:block;width:100%;height:64px;overflow:visible}
.seen{border-top:1px solid var(--line)}
.seen>li{border-bottom:1px solid var(--line)}
.seen summary{cursor:pointer;padding:.35rem 0;overflow-wrap:anywhere;font-size:.9rem}
.seen .in{padding:.2rem 0 1rem 1rem}
pre{font:12.5px/1.55 var(--mono);background:var(--tint);border-radius:6px;padding:.75rem 1rem;overflow:auto;max-height:32rem;tab-size:2}
.lines{display:grid;grid-template-columns:max-content minmax(0,1fr)}
.lines .at{color:var(--soft);text-align:right;padding-right:1rem;user-select:none}
.lines .line{white-space:pre-wrap;overflow-wrap:anywhere}
.lines .hit{background:var(--mark)}
.lines .say{white-space:pre-wrap;grid-column:2;font-family:var(--sans);font-size:.85rem;padding:.1rem 0 .35rem}
.wrap{white-space:pre-wrap;overflow-wrap:anywhere}
.tag{color:var(--link)}.value{color:var(--sound)}.aside{color:var(--soft)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line)}
@media (max-width:64rem){
.rules>li{grid-template-columns:5.8rem minmax(0,1fr) 5rem}
.rules .do{grid-column:2/3;margin-top:.3rem}
.rules .much{grid-column:3;grid-row:1}
.row{grid-template-columns:1rem 4.4rem 5.4rem minmax(0,1fr) 5.6rem;gap:.15rem .8rem}
.heads{display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding-left:0}
.heads button{text-decoration:underline;text-underline-offset:2px;text-decoration-color:var(--line)}
.heads span{display:none}
.tools .when{flex:1 1 40%}
.row .status{text-align:right}
.row .ring,.row .talk-time,.row .took,.row .why:empty{display:none}
.row .mini{grid-column:2/4}.row .why{grid-column:4/6;white-space:normal}
.calls>li{contain-intrinsic-size:auto 3.6rem}}
@media (max-width:40rem){
body{padding:1.25rem 1rem 3rem}
h1{font-size:1.4rem}.verdict{font-size:1.1rem}
section{margin-top:2.25rem}
.figures{grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:1rem}
.figures dd{font-size:1.2rem}
.rules>li{grid-template-columns:minmax(0,1fr) auto}
.rules>li>div,.rules .do{grid-column:1/3}
.rules>li>div:first-child{grid-column:1;grid-row:1}
.rules .much{grid-column:2;grid-row:1}.rules .much span{display:inline;margin-left:.35rem}
.row{grid-template-columns:1rem 4.4rem minmax(0,1fr) auto;gap:.15rem .6rem}
.row .parties{grid-column:2/5;grid-row:2}.row .status{grid-column:4;grid-row:1}
.row .mini{grid-column:2/5;grid-row:3}.row .why{grid-column:2/5;grid-row:4}
.calls>li{contain-intrinsic-size:auto 5rem}
.found li{grid-template-columns:minmax(0,1fr)}
.body{padding-left:.5rem}
.tools{padding:.75rem}.tools label{flex:1 1 40%}.tools .grow,.tools .when{flex:1 1 100%}
.facts{gap:.55rem 1.5rem}}
@media print{
:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--tint:#fff;--mark:#eee;--link:#000;color-scheme:light}
html{font-size:11px}body{padding:0;max-width:none}
.tools,.heads,.skip,.shown,.only-script{display:none!important}
.rules>li,.figures,.bars tr,.calls>li,table tr{break-inside:avoid}
pre{max-height:none;border:1px solid var(--line)}
.calls>li{content-visibility:visible}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
