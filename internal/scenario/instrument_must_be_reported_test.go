package scenario

import (
	"net/http"
	"testing"
)

// Two instruments bought with public money in Shanghai have thirty days from their acceptance to stand in the catalogue. One is
// published in time; the other is not, its owner is warned, it is late, and the lateness stays when it is published after all.
func TestAnInstrumentMustBeReportedInTime(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		const lab = "qingpu"
		accept := func(name string) string {
			return w.do(lab, http.MethodPost, "/api/v1/resources", map[string]any{"kind": "instrument", "status": "draft", "name_zh": name, "class": "010200",
				"fields": map[string]any{"worth": 85_000_000, "funds": []string{"local"}, "accepted_on": w.day(-2)}}).ID
		}
		prompt, slow := accept("示例·及时质谱仪"), accept("示例·迟到质谱仪")
		shown := func(login, show, name string) bool {
			return contains(w.page(login, "/desk/reporting?show="+show), name)
		}
		w.until("both clocks run", func() bool { return shown(lab, "open", "及时质谱仪") && shown(lab, "open", "迟到质谱仪") })
		if !contains(w.page(lab, "/desk/reporting"), "上海市大型科学仪器设施共享规则") {
			t.Error("the rule is not named")
		}
		if shown("lab", "all", "及时质谱仪") {
			t.Error("another provider sees the clock")
		}
		w.later(10)
		w.do(lab, http.MethodPost, "/api/v1/resources/"+prompt+"/publish", map[string]any{})
		w.until("the first is reported", func() bool { return shown(lab, "done", "及时质谱仪") && !shown(lab, "late", "及时质谱仪") })
		w.later(10)
		w.until("its owner is warned", func() bool { return contains(w.page(lab, "/desk/messages"), "“示例·迟到质谱仪”还有") })
		w.later(9)
		w.until("the second is late", func() bool { return shown("operator", "late", "迟到质谱仪") })
		w.until("its owner is told", func() bool { return contains(w.page(lab, "/desk/messages"), "已逾期") })
		w.do(lab, http.MethodPost, "/api/v1/resources/"+slow+"/publish", map[string]any{})
		w.until("it is reported, late", func() bool {
			return shown(lab, "done", "迟到质谱仪") && shown("operator", "late", "迟到质谱仪")
		})
		if shown("operator", "late", "及时质谱仪") {
			t.Error("the first counts as late")
		}
		w.verified()
	})
}
