/** The store of people: who they are, where they live, who wants no more, and how many they are. */
@NullMarked
package io.centralita.contacts;

import org.jspecify.annotations.NullMarked;
