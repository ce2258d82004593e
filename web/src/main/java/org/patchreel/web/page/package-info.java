/**
 * The page for browsers at {@code /patchreel/}: files that speak to the API at {@code /patchreel/api/v1}, without which it is not
 * there. {@link org.patchreel.web.page.Page} sends them; they are beside it in the resources, a module of JavaScript for each view.
 */
@NullMarked
package org.patchreel.web.page;

import org.jspecify.annotations.NullMarked;
