/** The console command {@code serve} of the app: the page for the person at this machine. */
@NullMarked
package org.patchreel.web.serve;

import org.jspecify.annotations.NullMarked;
