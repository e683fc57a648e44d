package org.hibernate.proxy;

/** Stands in for the interface of this name, which keys know by its name only. */
public interface HibernateProxy {}
