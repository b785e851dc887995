/** The page's entry: its styles, and the one element everything else is inside. */

import "./styles/page.css";
import "./elements/lab-app.ts";
