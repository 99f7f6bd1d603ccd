package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"qiao/internal/platform/fault"
)

// maxBody is the longest plan, in bytes.
const maxBody = 256 << 10

// Parse reads a plan from JSON and checks it; an unknown field is a mistake, not something to pass over.
func Parse(body []byte) (Plan, error) {
	var p Plan
	if len(body) > maxBody {
		return p, fault.New(fault.TooLarge, "price-plan-size", "价格方案太大。")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fault.New(fault.Invalid, "price-plan-json", "这不是价格方案：文件应是从这里导出的 JSON。").
			Field("file", "json", "无法读取，请检查格式。").Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, fault.New(fault.Invalid, "price-plan-json", "这不是价格方案：文件应是从这里导出的 JSON。").
			Field("file", "json", "无法读取，请检查格式。")
	}
	return p, p.Check()
}
