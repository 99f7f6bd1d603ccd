//i18n:data what is signed of a report, in Chinese

package paper

import (
	"fmt"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
)

// good tells whether a signature is of a file and stands.
func (x Signature) good(sha256 string) bool {
	return x.SHA256 == sha256 && strings.Contains(x.Statement, "\n文件 SHA-256："+sha256+"\n") && x.signed().Valid()
}

// statementOf is what is signed of a report's file.
func statementOf(o order.Order, by identity.Organisation, x order.Document, now time.Time) string {
	code, mark := "", ""
	if by.USCC != "" {
		code = "（统一社会信用代码 " + by.USCC + "）"
	}
	if o.Sample {
		mark = "（示例报告，单位为虚构）\n"
	}
	return fmt.Sprintf("报告签发声明\n报告编号：%s\n出具单位：%s%s\n文件 SHA-256：%s\n提交时间：%s\n签名时间：%s\n%s",
		o.Number, by.NameZH, code, x.SHA256, clock.Local(x.At.Time).Format(time.RFC3339), clock.Local(now).Format(time.RFC3339), mark)
}
