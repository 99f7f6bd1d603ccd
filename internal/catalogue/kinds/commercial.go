//i18n:data labels kept in both languages side by side

package kinds

// Units are what a price is for. The order is the one of forms.
func Units() []Choice {
	return []Choice{
		{"hour", "小时", "hour", []string{"h", "hours", "机时", "时", "元/小时"}},
		{"sample", "样品", "sample", []string{"样", "个样", "samples", "元/样"}},
		{"piece", "件", "piece", []string{"个", "pieces", "each", "项"}},
		{"batch", "批", "batch", []string{"批次"}},
		{"day", "天", "day", []string{"日", "days"}},
		{"time", "次", "time", []string{"回", "times", "run"}},
	}
}

// Audiences are whom a price is for.
func Audiences() []Choice {
	return []Choice{
		{"external", "对外", "Others", []string{"外部", "校外"}},
		{"member", "协作单位", "Members", []string{"联盟", "会员"}},
		{"internal", "对内", "Within the organisation", []string{"内部", "校内"}},
	}
}

// AccessModes are the ways a resource is used (the national platform's ways of service).
func AccessModes() []Choice {
	return []Choice{
		{"self", "自主上机", "Self-operated", []string{"占用共享", "自主"}},
		{"operated", "技术人员操作", "Operated by staff", []string{"技术共享", "代为操作", "指导"}},
		{"mail_in", "送样委托", "Send samples", []string{"委托共享", "送样", "委托"}},
		{"remote", "远程使用", "Remote", []string{"远程共享", "远程"}},
	}
}

// Pricing describes the price columns of our own template as fields; their names are targets (see Template).
func Pricing() []Field {
	return []Field{
		{Name: TargetUnit, ZH: "计价单位", EN: "Price unit", Type: One, Choices: Units(), Also: []string{"unit", "units", "单位"}},
		{Name: TargetExternal, ZH: "对外单价（元）", EN: "Price for others (CNY)", Type: Text, Max: 20, HintZH: "元，最多两位小数。", HintEN: "Yuan, at most two decimals.", Also: []string{"对外价格", "单价", "价格", "external cny", "price"}},
		{Name: TargetMember, ZH: "协作单价（元）", EN: "Price for members (CNY)", Type: Text, Max: 20, Also: []string{"member cny"}},
		{Name: TargetInternal, ZH: "对内单价（元）", EN: "Price within (CNY)", Type: Text, Max: 20, Also: []string{"对内价格", "internal cny"}},
		{Name: TargetInternalSelf, ZH: "对内单价-自主上机（元）", EN: "Price within, self-operated (CNY)", Type: Text, Max: 20, Also: []string{"internal self cny"}},
		{Name: TargetInternalDelivery, ZH: "对内单价-送样委托（元）", EN: "Price within, samples sent (CNY)", Type: Text, Max: 20, Also: []string{"internal delivery cny"}},
		{Name: TargetOption, ZH: "价格选项", EN: "Price option", Type: Text, Max: 100, HintZH: "同一资源的不同配置各占一行。", HintEN: "One row for each configuration of one resource.", Also: []string{"选项", "配置", "option"}},
		{Name: TargetMinimum, ZH: "起订量", EN: "Minimum quantity", Type: Number, Max: 6, Also: []string{"minimum"}},
		{Name: TargetFree, ZH: "免费开放", EN: "Free of charge", Type: Flag, HintZH: "是/否", HintEN: "Yes/No", Also: []string{"免费", "free"}},
		{Name: TargetVoucher, ZH: "接受创新券", EN: "Accepts vouchers", Type: Flag, HintZH: "是/否", HintEN: "Yes/No", Also: []string{"创新券", "voucher"}},
		{Name: TargetAccess, ZH: "使用方式", EN: "Ways of use", Type: Many, Items: 4, Choices: AccessModes(), Also: []string{"access", "服务方式"}},
	}
}
