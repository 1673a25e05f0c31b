// Starts GOV.UK Frontend's components (menu, error summary, conditional questions) on every page.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

initAll();
