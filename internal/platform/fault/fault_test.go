package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestOf(t *testing.T) {
	cause := errors.New("disk")
	f := New(Conflict, "slot-taken", "该时段已被预订。").Field("start", "taken", "请换一个时段").Because(cause)
	wrapped := fmt.Errorf("book: %w", f)
	if Of(wrapped) != f || !Is(wrapped, "slot-taken") || !errors.Is(wrapped, cause) {
		t.Error("a fault is lost by wrapping")
	}
	if o := Of(cause); o.Kind != Internal || !errors.Is(o, cause) {
		t.Errorf("a plain error becomes %v", o)
	}
	if Of(nil) != nil || Is(nil, "x") || Is(cause, "x") {
		t.Error("nil or plain errors are no faults")
	}
}
