namespace Svom.Notifications;

/// <summary>A notice's id in an address: letters, digits, '_' and '-'. A dot begins the suffix that asks for a form.</summary>
internal sealed class NoticeIdConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string { Length: > 0 and <= 128 } id && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
