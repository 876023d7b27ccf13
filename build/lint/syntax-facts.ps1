#requires -Version 7.0
using namespace System.Management.Automation.Language
# Writes what build/lint/powershell51.ts judges: every use of syntax, a type, a member or a command in the files
# named, one on each line: line, column, kind and details, separated by tabs. Runs in this project's engine only.

function Write-Fact {
    param($Extent, [string] $Kind, [object[]] $Details)
    $fields = @($Extent.StartLineNumber, $Extent.StartColumnNumber, $Kind) + $Details
    [Console]::Out.WriteLine((($fields | ForEach-Object { ([string] $_) -replace '\s+', ' ' }) -join "`t"))
}

# Each type that a type's name mentions, with its number of type arguments.
function Write-TypeFact {
    param($TypeName, [string] $Kind)
    if ($TypeName -is [ArrayTypeName]) { Write-TypeFact $TypeName.ElementType $Kind }
    elseif ($TypeName -is [GenericTypeName]) {
        Write-Fact $TypeName.Extent $Kind @(Get-TypeText $TypeName)
        foreach ($argument in $TypeName.GenericArguments) { Write-TypeFact $argument $Kind }
    }
    else { Write-Fact $TypeName.Extent $Kind @(Get-TypeText $TypeName) }
}

function Get-TypeText {
    param($TypeName)
    if ($TypeName -is [ArrayTypeName]) { return 'System.Array' }
    if ($TypeName -is [GenericTypeName]) {
        return '{0}`{1}' -f ($TypeName.TypeName.FullName -replace '`\d+$'), $TypeName.GenericArguments.Count
    }
    $TypeName.FullName
}

# The type that an expression has in every run; nothing where that cannot be seen.
function Get-StaticType {
    param($Ast)
    switch ($Ast.GetType().Name) {
        'ConvertExpressionAst' { Get-TypeText $Ast.Type.TypeName }
        'StringConstantExpressionAst' { 'System.String' }
        'ExpandableStringExpressionAst' { 'System.String' }
        'ParenExpressionAst' { Get-StaticType $Ast.Pipeline }
        'PipelineAst' { if ($Ast.PipelineElements.Count -eq 1) { Get-StaticType $Ast.PipelineElements[0] } }
        'CommandExpressionAst' { Get-StaticType $Ast.Expression }
        'InvokeMemberExpressionAst' {
            if ($Ast.Static -and $Ast.Member.Value -eq 'new' -and $Ast.Expression -is [TypeExpressionAst]) {
                Get-TypeText $Ast.Expression.TypeName
            }
        }
        'VariableExpressionAst' { Get-VariableType $Ast }
    }
}

# A variable has a type where its parameter or every assignment in the function gives it that one.
function Get-VariableType {
    param($Variable)
    $name = $Variable.VariablePath.UserPath
    if ($name -eq 'PSVersionTable') { return 'System.Collections.Hashtable' }
    $scope = $Variable.Parent
    while ($scope.Parent -and $scope -isnot [FunctionDefinitionAst]) { $scope = $scope.Parent }
    $types = foreach ($ast in $scope.FindAll({ $true }, $true)) {
        switch ($ast.GetType().Name) {
            'ParameterAst' {
                if ($ast.Name.VariablePath.UserPath -ne $name) { continue }
                $constraint = $ast.Attributes | Where-Object { $_ -is [TypeConstraintAst] } | Select-Object -First 1
                if ($constraint) { Get-TypeText $constraint.TypeName } else { '' }
            }
            'AssignmentStatementAst' {
                if ($ast.Left.Extent.Text -ne "`$$name" -or $ast.Right.Extent.Text -eq '$null') { continue }
                if ($ast.Operator -eq 'Equals') { [string] (Get-StaticType $ast.Right) } else { '' }
            }
            'ForEachStatementAst' { if ($ast.Variable.VariablePath.UserPath -eq $name) { '' } }
        }
    }
    $distinct = @($types | Select-Object -Unique)
    if ($distinct.Count -eq 1) { $distinct[0] }
}

function Write-MemberFact {
    param($Ast)
    if ($Ast.Member -isnot [StringConstantExpressionAst]) { return }
    $count = ''
    if ($Ast -is [InvokeMemberExpressionAst]) { $count = @($Ast.Arguments).Where({ $null -ne $_ }).Count }
    $isStatic = $Ast.Static
    $type = if ($Ast.Expression -isnot [TypeExpressionAst]) { if (-not $isStatic) { Get-StaticType $Ast.Expression } }
    elseif ($isStatic) { Get-TypeText $Ast.Expression.TypeName }
    else { 'System.Type' }
    $scope = if ($isStatic) { 'static' } else { 'instance' }
    Write-Fact $Ast.Member.Extent 'member' @($Ast.Member.Value, $count, $scope, $type)
}

function Write-CommandFact {
    param($Ast)
    $name = $Ast.GetCommandName()
    if (-not $name) { return }
    $parameters = $Ast.CommandElements | Where-Object { $_ -is [CommandParameterAst] } | ForEach-Object ParameterName
    Write-Fact $Ast.Extent 'command' (@($name) + @($parameters))
    for ($i = 0; $i -lt $Ast.CommandElements.Count - 1; $i++) {
        $value = $Ast.CommandElements[$i + 1]
        $isEncoding = $Ast.CommandElements[$i].ParameterName -eq 'Encoding' -and $value -is [StringConstantExpressionAst]
        if ($isEncoding) { Write-Fact $value.Extent 'encoding' @($value.Value) }
    }
    if ($name -ne 'New-Object') { return }
    $texts = $Ast.CommandElements | Where-Object { $_ -is [StringConstantExpressionAst] }
    $named = $texts | Select-Object -Skip 1 -First 1
    # [type] arguments in a text are left alone.
    if ($named -and -not $named.Value.Contains('[')) { Write-Fact $named.Extent 'type' @($named.Value) }
}

function Write-AstFact {
    param($Ast)
    $kind = $Ast.GetType().Name
    if ($Ast.NullConditional) { Write-Fact $Ast.Extent 'syntax' @('?. and ?[]') }
    switch ($kind) {
        'TernaryExpressionAst' { Write-Fact $Ast.Extent 'syntax' @('the ternary operator') }
        'PipelineChainAst' { Write-Fact $Ast.Extent 'syntax' @('&& and ||') }
        'BinaryExpressionAst' {
            if ($Ast.Operator -eq 'QuestionQuestion') { Write-Fact $Ast.Extent 'syntax' @('??') }
        }
        'AssignmentStatementAst' {
            if ($Ast.Operator -eq 'QuestionQuestionEquals') { Write-Fact $Ast.Extent 'syntax' @('??=') }
        }
        'PipelineAst' { if ($Ast.Background) { Write-Fact $Ast.Extent 'syntax' @('&, which starts a job,') } }
        'ScriptBlockAst' { if ($Ast.CleanBlock) { Write-Fact $Ast.CleanBlock.Extent 'syntax' @('the clean block') } }
        'TypeExpressionAst' { Write-TypeFact $Ast.TypeName 'type' }
        'TypeConstraintAst' { Write-TypeFact $Ast.TypeName 'type' }
        'AttributeAst' {
            Write-TypeFact $Ast.TypeName 'attribute'
            foreach ($argument in $Ast.NamedArguments) {
                $details = @($argument.ArgumentName, (Get-TypeText $Ast.TypeName))
                Write-Fact $argument.Extent 'attribute-argument' $details
            }
        }
        'TypeDefinitionAst' { Write-Fact $Ast.Extent 'defined-type' @($Ast.Name) }
        'FunctionDefinitionAst' { Write-Fact $Ast.Extent 'defined-command' @($Ast.Name) }
        'UsingStatementAst' {
            if ($Ast.UsingStatementKind -eq 'Namespace') { Write-Fact $Ast.Extent 'namespace' @($Ast.Name.Value) }
        }
        'VariableExpressionAst' { Write-Fact $Ast.Extent 'variable' @($Ast.VariablePath.UserPath) }
        'CommandAst' { Write-CommandFact $Ast }
        { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst' } { Write-MemberFact $Ast }
    }
}

# Windows PowerShell reads `e and `u{...} as plain letters, and knows no binary numbers and fewer suffixes.
function Write-TokenFact {
    param($Token)
    if ($Token.NestedTokens) { foreach ($nested in $Token.NestedTokens) { Write-TokenFact $nested } }
    $text = $Token.Text
    switch ([string] $Token.Kind) {
        'Number' {
            if ($text -match '^[+-]?0b|(u[sly]?|[nys])([kmgtp]b)?$') {
                Write-Fact $Token.Extent 'syntax' @("the number $text")
            }
        }
        { $_ -in 'StringExpandable', 'HereStringExpandable' } {
            if ($text -cmatch '(?<!`)(``)*`(e|u\{)') { Write-Fact $Token.Extent 'syntax' @('the escapes `e and `u{}') }
        }
    }
}

foreach ($path in $args) {
    $tokens = $null
    $errors = $null
    $root = [Parser]::ParseFile($path, [ref] $tokens, [ref] $errors)
    [Console]::Out.WriteLine("file`t$path")
    foreach ($problem in $errors) { Write-Fact $problem.Extent 'error' @($problem.Message) }
    if ($root.ScriptRequirements.RequiredPSVersion.Major -gt 5) {
        [Console]::Out.WriteLine("1`t1`tnewer")
        continue
    }
    foreach ($token in $tokens) { Write-TokenFact $token }
    $previous = $null
    foreach ($token in $tokens | Where-Object { $_.Kind -notin 'LineContinuation', 'Comment' }) {
        $isFirst = $token.Kind -eq 'Pipe' -and $previous.Kind -eq 'NewLine'
        if ($isFirst) { Write-Fact $token.Extent 'syntax' @('a line that begins with |') }
        $previous = $token
    }
    foreach ($ast in $root.FindAll({ $true }, $true)) { Write-AstFact $ast }
}
