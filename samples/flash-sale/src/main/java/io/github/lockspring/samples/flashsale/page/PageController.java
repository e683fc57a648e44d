package io.github.lockspring.samples.flashsale.page;

import io.github.lockspring.samples.flashsale.load.Pass;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What the page needs besides itself: figures, and somewhere to send what its reader asks for. */
@RestController
class PageController {

    private final FigureBoard board;

    private final SaleRequests requests;

    PageController(FigureBoard board, SaleRequests requests) {
        this.board = board;
        this.requests = requests;
    }

    @GetMapping(path = "/figures", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter figures() {
        return this.board.subscribe();
    }

    @PostMapping("/passes/{pass}")
    ResponseEntity<ProblemDetail> sell(@PathVariable("pass") Pass pass) {
        return answer(
                switch (pass) {
                    case WITHOUT_LOCK -> SaleRequest.SELL_WITHOUT_LOCK;
                    case WITH_LOCK -> SaleRequest.SELL_WITH_LOCK;
                });
    }

    @PostMapping("/reset")
    ResponseEntity<ProblemDetail> reset() {
        return answer(SaleRequest.RESET);
    }

    private ResponseEntity<ProblemDetail> answer(SaleRequest request) {
        if (this.requests.offer(request)) {
            return ResponseEntity.accepted().build();
        }
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(
                        HttpStatus.CONFLICT, "Not now: a pass runs, or the processes are not ready."))
                .build();
    }
}
