package io.github.lockspring.aspectj;

import org.aspectj.lang.JoinPoint;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;

/** An aspect of an application. */
@Aspect
public class TracingAspect {

    private int calls;

    @Before("execution(* io.github.lockspring.aspectj.WovenOrders.*(..))")
    public void count(JoinPoint joinPoint) {
        this.calls++;
    }

    @Around("execution(* io.github.lockspring.aspectj.WovenOrders.own())")
    public Object trace(ProceedingJoinPoint joinPoint) throws Throwable {
        return joinPoint.proceed();
    }
}
