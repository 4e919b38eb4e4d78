// SPDX-License-Identifier: AGPL-3.0-or-later
import { LitElement } from "lit";

/**
 * A Lit element that draws into the page itself, so that one style sheet and one set of ids serve everything. What
 * the page's HTML holds inside it stands until the element draws itself.
 */
export class LightElement extends LitElement {
  /** @override */
  createRenderRoot() {
    this.replaceChildren();
    return this;
  }
}
