package io.centralita.actor;

/** Marks a message, event or state that may leave the JVM; serialization.conf binds it to CBOR. */
public interface CborSerializable {}
