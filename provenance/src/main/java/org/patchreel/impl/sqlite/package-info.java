/** SQLite files: how they are opened, and what their schema is. */
@NullMarked
package org.patchreel.impl.sqlite;

import org.jspecify.annotations.NullMarked;
