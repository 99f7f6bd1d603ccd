//i18n:data what the columns of lists of services are called

package record

import "qiao/internal/catalogue/kinds"

// Fields of an entry, as forms, columns of spreadsheets and errors name them.
const (
	FieldOwnNumber  = "own_number"
	FieldInstrument = "instrument"
	FieldModel      = "instrument_name"
	FieldDay        = "day"
	FieldStart      = "start"
	FieldEnd        = "end"
	FieldUser       = "user"
	FieldUSCC       = "uscc"
	FieldInside     = "inside"
	FieldApplicant  = "applicant"
	FieldPhone      = "phone"
	FieldEmail      = "email"
	FieldWays       = "ways"
	FieldContent    = "served"
	FieldHours      = "machine_hours"
	FieldMinutes    = "machine_minutes"
	FieldSamples    = "samples"
	FieldAmount     = "quantity"
	FieldFee        = "amount"
	FieldProject    = "project"
	FieldIncomes    = "incomes"
	FieldAreas      = "areas"
	FieldResearch   = "research"
	FieldContract   = "contract"
	FieldInvoice    = "invoice"
	FieldReport     = "report"
	FieldOpinion    = "opinion"
	FieldNote       = "note"
)

// kindOf describes what a column of a list of services may carry, in the words of the national format and of the lists
// that centres keep; package columns proposes by it.
func kindOf(f Format) kinds.Kind {
	column := func(name, zh, en, key string, t kinds.Type, also ...string) kinds.Field {
		c := kinds.Field{Name: name, ZH: zh, EN: en, NRII: key, Type: t, Also: also, Max: f.limit(key)}
		for _, x := range f.Fields {
			if x.Key == key {
				c.Column = x.Heading
			}
		}
		return c
	}
	ways := column(FieldWays, "服务方式", "Way of service", "serviceWay", kinds.Text, "使用方式", "共享方式", "操作方式", "预约方式", "上机方式", "mode", "usage mode")
	inside := column(FieldInside, "服务对象", "Inside or outside", "", kinds.Text, "校内外", "校内校外", "内部外部", "是否校内", "是否内部", "用户类别", "用户类型", "服务来源", "单位内外", "user type", "internal or external")
	return kinds.Kind{Name: "service-record", ZH: "服务记录", EN: "Service record", Fields: []kinds.Field{
		column(FieldOwnNumber, "服务记录编号", "Record number", "", kinds.Text, "记录编号", "记录号", "单号", "流水号", "订单号", "订单编号", "预约单号", "预约号", "委托单号", "委托单编号", "送样单号", "检测编号", "orderCode", "record id", "booking id", "order id"),
		column(FieldInstrument, "仪器编号", "Instrument number", "innerId", kinds.Text, "设备编号", "资产编号", "仪器设备编号", "固定资产编号", "资产号", "仪器内部编号", "内部编号", "设备号", "asset number", "asset id", "equipment id", "instrument id"),
		column(FieldModel, "仪器名称", "Instrument", "", kinds.Text, "设备名称", "仪器设备名称", "仪器", "设备", "使用仪器", "检测仪器", "equipment", "equipment name", "instrument name", "resource"),
		column(FieldDay, "服务日期", "Date", "", kinds.Text, "日期", "使用日期", "检测日期", "测试日期", "上机日期", "预约日期", "完成日期", "date of use"),
		column(FieldStart, "服务开始时间", "Start", "serviceTime", kinds.Text, "开始时间", "服务时间", "使用时间", "上机时间", "开机时间", "起始时间", "测试时间", "检测时间", "时间", "start time", "from", "begin"),
		column(FieldEnd, "服务结束时间", "End", "", kinds.Text, "结束时间", "下机时间", "关机时间", "截止时间", "终止时间", "end time", "until", "finish"),
		column(FieldUser, "用户单位", "User organisation", "applicatUnit", kinds.Text, "使用单位", "委托单位", "客户名称", "客户", "用户名称", "服务单位", "服务用户", "送样单位", "申请单位", "企业名称", "单位名称", "所属单位", "课题组", "customer", "organisation", "organization", "company", "client", "user organisation"),
		column(FieldUSCC, "统一社会信用代码", "Unified social credit code", "", kinds.Text, "信用代码", "社会信用代码", "税号", "纳税人识别号", "credit code", "tax number"),
		inside,
		column(FieldApplicant, "申请人", "Applicant", "applicant", kinds.Text, "使用人", "联系人", "用户", "用户姓名", "送样人", "委托人", "预约人", "姓名", "机主", "user", "user name", "contact", "contact person"),
		column(FieldPhone, "联系电话", "Phone", "applicatPhone", kinds.Text, "申请人电话", "手机", "手机号", "电话号码", "联系方式", "mobile"),
		column(FieldEmail, "电子邮箱", "E-mail", "applicatEmail", kinds.Mail, "申请人电子邮箱", "邮件"),
		ways,
		column(FieldContent, "服务内容", "What was done", "serviceContent", kinds.Text, "检测项目", "测试项目", "测试内容", "检测内容", "项目内容", "实验内容", "用途", "service content", "test item", "description of service"),
		column(FieldHours, "服务机时（小时）", "Machine hours", "", kinds.Text, "机时", "使用机时", "服务机时", "机时数", "有效机时", "计费机时", "小时数", "时长（小时）", "时长", "使用时长", "用时", "hours used", "duration", "machine hours"),
		column(FieldMinutes, "服务时长（分钟）", "Machine minutes", "", kinds.Text, "分钟数", "使用分钟", "分钟", "使用分钟数", "时长分钟", "minutes used", "minutes"),
		column(FieldSamples, "样品数", "Samples", "", kinds.Text, "样品数量", "样品个数", "测样数", "样本数", "样品件数", "number of samples", "sample count"),
		column(FieldAmount, "服务量", "Quantity", "serviceAmount", kinds.Text, "数量", "工作量"),
		column(FieldFee, "服务金额（元）", "Fee (yuan)", "amounts", kinds.Text, "金额", "费用", "收费金额", "服务费", "测试费", "检测费", "实收金额", "应收金额", "合计", "合计金额", "总费用", "收入", "fee", "charge", "total"),
		column(FieldProject, "课题名称", "Project", "subjectName", kinds.Text, "项目名称", "所属课题", "所属项目", "支撑项目", "project name"),
		column(FieldIncomes, "经费来源", "Funding sources", "subjectIncome", kinds.Text, "课题来源", "项目来源", "资金来源", "经费类别", "funding", "funding source"),
		column(FieldAreas, "学科领域", "Subject areas", "subjectArea", kinds.Text, "所属学科", "学科", "subject area"),
		column(FieldResearch, "研究内容", "Research", "subjectContent", kinds.Text, "课题内容", "研究方向"),
		column(FieldContract, "合同编号", "Contract number", "", kinds.Text, "合同号", "协议编号", "协议号", "contract no", "contract id"),
		column(FieldInvoice, "发票号码", "Invoice number", "", kinds.Text, "发票号", "发票编号", "票据号", "invoice no", "invoice id"),
		column(FieldReport, "报告编号", "Report number", "", kinds.Text, "报告号", "检测报告编号", "report no"),
		column(FieldOpinion, "用户评价", "Opinion", "comment", kinds.Text, "评价", "满意度", "满意程度", "satisfaction", "rating"),
		column(FieldNote, "备注", "Note", "", kinds.Text, "说明", "remarks", "notes"),
	}}
}
