#pragma once
#include <string_view>

namespace vlpt::report {

/// The style sheet of a report: light or dark as the reader's system is, one column on a phone.
inline constexpr std::string_view style = R"css(
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#171a21;--soft:#596273;--rule:#e1e5eb;
--grid:#e8ebf0;--good:#0b7a4b;--bad:#c0262d;--good-tint:#e5f5ed;--bad-tint:#fcebec;--shade:#1a253f38;
--c0:#1f5fd0;--c1:#c2410c;--c2:#0b7a4b;--c3:#8b2fb0;--c4:#b4124f;--c5:#556070;--c6:#8a6100;--c7:#0e7490}
@media(prefers-color-scheme:dark){:root{--page:#0f1218;--card:#181c25;--ink:#e9ecf2;--soft:#9aa4b5;
--rule:#2a303c;--grid:#262c37;--good:#4fd19b;--bad:#ff8a8f;--good-tint:#12301f;
--bad-tint:#3a191c;--shade:#000c;--c0:#7fb0ff;--c1:#ff9f6b;--c2:#4fd19b;--c3:#d295f2;--c4:#ff8fb1;--c5:#b3bccb;
--c6:#e3c15a;--c7:#62cfe6}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);line-height:1.5;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 clamp(16px,4vw,40px)}
header{padding-top:clamp(28px,5vw,56px);padding-bottom:8px}
h1{font-size:clamp(1.6rem,4.5vw,2.3rem);line-height:1.2;letter-spacing:-.02em;margin:0 0 .4em;
overflow-wrap:anywhere}
h2{font-size:1.2rem;letter-spacing:-.01em;margin:0 0 12px}
h3{font-size:1rem;margin:0 0 2px}
p{margin:0 0 10px}
section{margin:36px 0 0}
.lead{font-size:1.08rem;color:var(--soft);max-width:46em}
.soft{color:var(--soft);font-size:.9rem}
.card{background:var(--card);border:1px solid var(--rule);border-radius:12px}
code,.code{font:.86em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
overflow-wrap:anywhere}
.tiles{display:grid;gap:14px;grid-template-columns:repeat(auto-fit,minmax(min(46%,200px),1fr));margin-top:24px}
.tile{padding:16px 18px;min-width:0}
.tile b{display:block;font-size:clamp(1.2rem,4.4vw,1.5rem);line-height:1.3;letter-spacing:-.02em;
font-weight:650;overflow-wrap:anywhere}
.tile .of,.tile .what{color:var(--soft);font-size:.88rem;overflow-wrap:anywhere}
.good{color:var(--good)}.bad{color:var(--bad)}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
/* a shade at the right edge as long as there is more to scroll to */
.card.scroll{background:linear-gradient(to left,var(--card) 40%,transparent) right/44px 100% no-repeat local,
linear-gradient(to left,var(--shade),transparent) right/16px 100% no-repeat scroll,var(--card)}
.scroll:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
table{border-collapse:collapse;width:100%;min-width:680px;font-variant-numeric:tabular-nums}
th,td{padding:11px 14px;text-align:right;white-space:nowrap;border-top:1px solid var(--rule)}
thead th{border-top:0;color:var(--soft);font-size:.82rem;font-weight:600}
tbody th{text-align:left;font-weight:500;white-space:normal;min-width:170px;overflow-wrap:anywhere}
:is(th,td):is(:first-child,:last-child){text-align:left}
.best th,.best td{font-weight:700}
.group th{color:var(--soft);font-size:.9rem}
.tag{display:inline-block;white-space:nowrap;margin-left:8px;padding:1px 8px;border-radius:99px;font-size:.74rem;
font-weight:600;color:var(--good);background:var(--good-tint)}
.meter{display:inline-block;vertical-align:middle;width:88px;height:8px;margin-right:12px;
border-radius:4px;background:var(--grid);overflow:hidden}
.meter i{display:block;height:100%;background:var(--c0)}
.charts{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));
align-items:start}
.chart{margin:0;padding:16px 18px 10px;min-width:0}
.chart svg{display:block;width:100%;height:auto}
.chart text{font-size:13px;fill:var(--soft)}
.chart .name{font-weight:600}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.grid,.axis,.leader{fill:none;stroke:var(--grid);stroke-width:1}
.axis{stroke:var(--soft)}.leader{stroke:var(--rule)}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;margin:4px 0 10px;padding:0;list-style:none;
font-size:.86rem;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:7px;min-width:0;overflow-wrap:anywhere}
.legend svg{width:30px;height:8px;flex:none}
.bar{display:inline-block;height:12px;min-width:2px;border-radius:3px;flex:none}
.legend .bar{width:30px}
.bars{margin:0 0 14px}.bars b{display:block;font-weight:600;font-size:.95rem;overflow-wrap:anywhere}
.bars div{display:flex;align-items:center;gap:8px;font-size:.88rem;line-height:1.45;
font-variant-numeric:tabular-nums;white-space:nowrap}
.pictures{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(124px,1fr))}
.picture{margin:0;background:var(--card);border:2px solid var(--good);border-radius:10px;
overflow:hidden;min-width:0}
.picture.wrong{border:2px dashed var(--bad)}
.picture img{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:#000;
image-rendering:pixelated}
.picture figcaption{padding:8px 10px 9px;font-size:.84rem;line-height:1.35;overflow-wrap:anywhere}
.picture strong{display:block}
.facts{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;margin:0;padding:6px 18px}
.facts dt,.facts dd{padding:9px 0;border-top:1px solid var(--rule);margin:0;min-width:0;
overflow-wrap:anywhere}
.facts dt{color:var(--soft);padding-right:28px}
.facts :is(dt,dd):nth-of-type(1){border-top:0}
.notes{margin:0;padding-left:1.2em;max-width:52em}
footer{padding-top:36px;padding-bottom:48px}
@media(max-width:560px){.chart{padding:14px 12px 8px}.chart text{font-size:15px}.tile{padding:12px 14px}

.facts{grid-template-columns:1fr}.facts dt{padding-bottom:0}.facts dd{border-top:0;padding-top:0}
.pictures{grid-template-columns:repeat(3,1fr);gap:8px}.picture figcaption{font-size:.76rem;padding:6px}
th,td{padding:10px 12px}
th:first-child{position:sticky;left:0;background:var(--card);min-width:47vw;max-width:47vw;
font-size:.93rem}
.tag{margin-left:6px}}
@media print{body{background:#fff}.card,.picture{break-inside:avoid}}
)css";

/// The colours of curves, for lines, dots and their names.
inline constexpr std::string_view curve_style = R"css(
.line.c0{stroke:var(--c0)}.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}
.line.c3{stroke:var(--c3)}.line.c4{stroke:var(--c4)}.line.c5{stroke:var(--c5)}
.line.c6{stroke:var(--c6)}.line.c7{stroke:var(--c7)}
.bar.c0{background:var(--c0)}.bar.c1{background:var(--c1)}.bar.c2{background:var(--c2)}
.bar.c3{background:var(--c3)}.bar.c4{background:var(--c4)}.bar.c5{background:var(--c5)}
.bar.c6{background:var(--c6)}.bar.c7{background:var(--c7)}
.chart :is(.dot,.name).c0{fill:var(--c0)}.chart :is(.dot,.name).c1{fill:var(--c1)}
.chart :is(.dot,.name).c2{fill:var(--c2)}.chart :is(.dot,.name).c3{fill:var(--c3)}
.chart :is(.dot,.name).c4{fill:var(--c4)}.chart :is(.dot,.name).c5{fill:var(--c5)}
.chart :is(.dot,.name).c6{fill:var(--c6)}.chart :is(.dot,.name).c7{fill:var(--c7)}
)css";

}  // namespace vlpt::report
