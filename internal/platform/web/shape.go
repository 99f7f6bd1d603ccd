package web

import "strings"

// wrongShape is what a value of a body or query looks like that the API's description does not allow.
type wrongShape struct {
	says string // how the message of the validation begins; what follows is {0}
	code string
	text string
}

// wrongShapes are looked through from the top: a message that another begins with stands before it.
func wrongShapes() []wrongShape {
	return []wrongShape{
		{"unexpected property", "unknown", "没有这个字段，请核对名称。"},
		{"expected required property", "required", "缺少必填内容。"},
		{"expected string to be RFC 3339 date-time", "invalid", "请写成 2026-11-21T09:00:00+08:00 这样的时间。"},
		{"expected string to be RFC 3339 date", "invalid", "请写成 2026-11-21 这样的日期。"},
		{"expected string to be RFC 4122 uuid", "invalid", "这不是平台给出的编号（UUID）。"},
		{"expected string to be base64", "invalid", "文件内容请用 base64 编码。"},
		{"expected value to be one of ", "not-a-choice", "请从这些值中选一个：{0}。"},
		{"expected number >= ", "range", "不能小于 {0}。"},
		{"expected number <= ", "range", "不能大于 {0}。"},
		{"expected number > ", "range", "必须大于 {0}。"},
		{"expected number < ", "range", "必须小于 {0}。"},
		{"expected length >= ", "short", "至少 {0} 个字符。"},
		{"expected length <= ", "long", "最多 {0} 个字符。"},
		{"expected array length >= ", "short", "至少要有 {0} 项。"},
		{"expected array length <= ", "long", "最多 {0} 项。"},
		{"expected boolean", "invalid", "请填 true 或 false。"},
		{"expected integer", "invalid", "请填整数。"},
		{"expected number", "invalid", "请填数字。"},
		{"expected array", "invalid", "请填列表。"},
		{"expected object", "invalid", "请填对象。"},
	}
}

// shapeOf says, in the words of our own errors, what the validation of a body or query found.
func shapeOf(message string) (code, text, arg string) {
	for _, w := range wrongShapes() {
		if rest, ok := strings.CutPrefix(message, w.says); ok {
			if !strings.Contains(w.text, "{0}") {
				return w.code, w.text, ""
			}
			return w.code, w.text, strings.Trim(rest, `"`)
		}
	}
	if message == "expected string" {
		return "invalid", "请填文字。", ""
	}
	return "invalid", "填写不正确（{0}）", message
}
