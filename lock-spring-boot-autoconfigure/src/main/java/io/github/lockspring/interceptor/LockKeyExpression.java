package io.github.lockspring.interceptor;

import org.springframework.expression.Expression;

/**
 * One part of a key, parsed.
 *
 * @param text the expression as it is written
 * @param expression the expression to evaluate
 */
record LockKeyExpression(String text, Expression expression) {}
