using Orleans.Dashboard;

namespace Svom.Hosting;

/// <summary>
/// The Orleans dashboard, made when it is first asked for: its assets are packed when it is mapped, which would cost every start
/// a third of a second and tens of megabytes for pages that may never be opened.
/// </summary>
internal static class DashboardDoor
{
    private const string Root = "/dashboard";

    public static void MapDashboard(this WebApplication application)
    {
        var dashboard = new Lazy<RequestDelegate>(() => Make(application.Services));
        application.Map(Root + "/{**rest}", context =>
        {
            context.SetEndpoint(null); // This one only leads to the dashboard's own.
            return dashboard.Value(context);
        }).ExcludeFromDescription();
    }

    private static RequestDelegate Make(IServiceProvider services)
    {
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseRouting();
        pipeline.UseEndpoints(static endpoints => endpoints.MapOrleansDashboard(routePrefix: Root));
        return pipeline.Build();
    }
}
