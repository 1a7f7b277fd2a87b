// Vega-Lite charts without eval: the content security policy forbids it, so expressions are interpreted.
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const theme = { font: '"Source Sans Pro Web", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", sans-serif' };

/** Draws the Vega-Lite `spec` in `element`; resolves to the Vega view. */
export async function drawChart(element, spec) {
  const { view } = await embed(element, spec, {
    actions: false,
    ast: true,
    expr: expressionInterpreter,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true }, // its style element would break the content security policy
    renderer: "svg",
    config: { font: theme.font },
  });
  return view;
}
